/**
 * Every fault that can cross the border, with its words. The record is exhaustive: a new code in the
 * core fails the type check here until somebody has written what happened and what to do.
 */
import type { Code, Rejection } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { rejectionText } from './rejections';

/** `warning` passes by itself or by waiting; `error` needs somebody to do something. */
export type Severity = 'warning' | 'error';
/** The field of the sign-in, code or unlock form that the fault is about. */
export type FaultField = 'server' | 'user_name' | 'password' | 'passphrase' | 'code';

export type FaultClass = {
  severity: Severity;
  message: () => string;
  field?: FaultField;
};

export const FAULTS: Record<Code, FaultClass> = {
  bad_request: { severity: 'error', message: () => m.fault_bad_request() },
  unknown_method: { severity: 'error', message: () => m.fault_unknown_method() },
  locked: { severity: 'warning', message: () => m.fault_locked() },
  wrong_passphrase: {
    severity: 'error',
    message: () => m.fault_wrong_passphrase(),
    field: 'passphrase',
  },
  passphrase_too_short: {
    severity: 'error',
    message: () => m.fault_passphrase_too_short(),
    field: 'passphrase',
  },
  wrong_pin: { severity: 'error', message: () => m.fault_wrong_pin(), field: 'passphrase' },
  pin_too_short: {
    severity: 'error',
    message: () => m.fault_pin_too_short(),
    field: 'passphrase',
  },
  no_tries_left: { severity: 'error', message: () => m.fault_no_tries_left() },
  keyring_locked: { severity: 'warning', message: () => m.fault_keyring_locked() },
  keyring_unavailable: { severity: 'error', message: () => m.fault_keyring_unavailable() },
  keyring_emptied: { severity: 'error', message: () => m.fault_keyring_emptied() },
  cannot_recover: { severity: 'error', message: () => m.fault_cannot_recover() },
  replica_damaged: { severity: 'error', message: () => m.fault_replica_damaged() },
  replica_newer: { severity: 'error', message: () => m.fault_replica_newer() },
  disk_full: { severity: 'error', message: () => m.fault_disk_full() },
  file_failed: { severity: 'error', message: () => m.fault_file_failed() },
  already_fetching: { severity: 'warning', message: () => m.fault_already_fetching() },
  no_program: { severity: 'warning', message: () => m.fault_no_program() },
  server_address: { severity: 'error', message: () => m.fault_server_address(), field: 'server' },
  offline: { severity: 'warning', message: () => m.fault_offline() },
  sign_in_refused: {
    severity: 'error',
    message: () => m.fault_sign_in_refused(),
    field: 'password',
  },
  wrong_password: { severity: 'error', message: () => m.fault_wrong_password() },
  password_unfit: { severity: 'error', message: () => m.fault_password_unfit() },
  wrong_code: { severity: 'error', message: () => m.fault_wrong_code(), field: 'code' },
  code_expired: { severity: 'error', message: () => m.fault_code_expired() },
  sms_failed: { severity: 'warning', message: () => m.fault_sms_failed() },
  other_person: { severity: 'error', message: () => m.fault_other_person(), field: 'user_name' },
  sign_in_needed: {
    severity: 'warning',
    message: () => m.fault_sign_in_needed(),
  },
  too_many_tries: { severity: 'warning', message: () => m.fault_too_many_tries() },
  upgrade_needed: { severity: 'error', message: () => m.fault_upgrade_needed() },
  replica_busy: { severity: 'error', message: () => m.fault_replica_busy() },
  replica_differs: { severity: 'error', message: () => m.fault_replica_differs() },
  rejected: { severity: 'error', message: () => m.rejection_unknown({ code: 'rejected' }) },
  cannot_withdraw: { severity: 'warning', message: () => m.fault_cannot_withdraw() },
  internal: { severity: 'error', message: () => m.fault_internal() },
};

/** What happened and what to do, for a person. */
export function faultText(fault: RpcFault): string {
  if (fault.code === 'rejected') {
    return rejectionText(rejectionOf(fault));
  }
  const { salvaged, whole } = fault.params;
  if (fault.code === 'replica_damaged' && salvaged === true) {
    return whole === true ? m.fault_replica_salvaged() : m.fault_replica_salvaged_in_part();
  }
  const text = codeText(fault.code);
  const worthQuoting = fault.code === 'internal' || fault.code === 'bad_request';
  return worthQuoting && fault.correlationId !== ''
    ? `${text} ${m.fault_number({ id: fault.correlationId })}`
    : text;
}

/** The same for a bare code, as the sync state carries it. */
export function codeText(code: Code): string {
  // A code from a newer core than this window is possible while developing.
  return (FAULTS[code] ?? FAULTS.internal).message();
}

/** A refusal that came back at once carries the rejection in its parameters. */
function rejectionOf({ params }: RpcFault): Rejection {
  const { rejection } = params;
  const given = typeof rejection === 'object' && rejection !== null ? rejection : params;
  if (!('code' in given) || typeof given.code !== 'string') {
    return { code: typeof rejection === 'string' ? rejection : 'rejected' };
  }
  const inner = 'params' in given ? given.params : undefined;
  return typeof inner === 'object' && inner !== null
    ? { code: given.code, params: { ...inner } }
    : { code: given.code };
}

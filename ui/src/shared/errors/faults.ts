/**
 * Every fault that can cross the border, with its words. The record is exhaustive: a new code in the
 * core fails the type check here until somebody has written what happened and what to do.
 */
import type { Code } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { rejectionText } from './rejections';

/** `warning` passes by itself or by waiting; `error` needs somebody to do something. */
export type Severity = 'warning' | 'error';
/** What the window can offer in the same breath. */
export type FaultAction = 'retry' | 'sign_in';
/** The field of the sign-in, code or unlock form that the fault is about. */
export type FaultField = 'server' | 'password' | 'passphrase' | 'code';

export type FaultClass = {
  severity: Severity;
  message: () => string;
  action?: FaultAction;
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
  replica_damaged: { severity: 'error', message: () => m.fault_replica_damaged() },
  replica_newer: { severity: 'error', message: () => m.fault_replica_newer() },
  disk_full: { severity: 'error', message: () => m.fault_disk_full(), action: 'retry' },
  server_address: { severity: 'error', message: () => m.fault_server_address(), field: 'server' },
  offline: { severity: 'warning', message: () => m.fault_offline(), action: 'retry' },
  sign_in_refused: {
    severity: 'error',
    message: () => m.fault_sign_in_refused(),
    action: 'sign_in',
    field: 'password',
  },
  wrong_code: { severity: 'error', message: () => m.fault_wrong_code(), field: 'code' },
  code_expired: { severity: 'error', message: () => m.fault_code_expired() },
  sms_failed: { severity: 'warning', message: () => m.fault_sms_failed() },
  sign_in_needed: {
    severity: 'warning',
    message: () => m.fault_sign_in_needed(),
    action: 'sign_in',
  },
  too_many_tries: { severity: 'warning', message: () => m.fault_too_many_tries() },
  upgrade_needed: { severity: 'error', message: () => m.fault_upgrade_needed() },
  replica_differs: { severity: 'error', message: () => m.fault_replica_differs() },
  rejected: { severity: 'error', message: () => m.rejection_unknown({ code: 'rejected' }) },
  cannot_withdraw: { severity: 'warning', message: () => m.fault_cannot_withdraw() },
  internal: { severity: 'error', message: () => m.fault_internal(), action: 'retry' },
};

/** What happened and what to do, for a person. */
export function faultText(fault: RpcFault): string {
  if (fault.code === 'rejected') {
    return rejectionText({ code: rejectionCode(fault) });
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

/** A refusal that came back at once carries the rejection, or its bare code, in the parameters. */
function rejectionCode(fault: RpcFault): string {
  const { code, rejection } = fault.params;
  if (typeof code === 'string') {
    return code;
  }
  if (typeof rejection === 'string') {
    return rejection;
  }
  if (typeof rejection === 'object' && rejection !== null && 'code' in rejection) {
    return String(rejection.code);
  }
  return 'rejected';
}

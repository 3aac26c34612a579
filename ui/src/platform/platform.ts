/**
 * The seam between the window and the program. Everything the window knows or changes goes through
 * one `Platform`; the rest of the code never learns which one it has.
 */
import type {
  Changed,
  Code,
  FilesDropped,
  FilesOver,
  RpcError,
  RpcSchema,
  Topic,
} from '../generated/rpc';

export type Method = keyof RpcSchema;
export type Params<M extends Method> = RpcSchema[M][0];
export type Result<M extends Method> = RpcSchema[M][1];

export type { Changed, Topic };

/** What the program says without being asked. */
export type Events = {
  changed: Changed;
  files_over: FilesOver;
  files_dropped: FilesDropped;
  /** The window is about to close: it waits, not for long, for `shell.close` or `shell.stay`. Carries nothing. */
  closing: unknown;
};

export interface Platform {
  /** Rejects with `RpcFault`, never with anything else. */
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Resolves, with the function that ends it, when no later event can be missed. */
  listen<E extends keyof Events>(
    event: E,
    onEvent: (payload: Events[E]) => void,
  ): Promise<() => void>;
}

/** A call that failed: a code from the closed list, and the number it has in the log. */
export class RpcFault extends Error {
  readonly code: Code;
  readonly params: Record<string, unknown>;
  readonly correlationId: string;

  constructor(error: RpcError) {
    super(error.code);
    this.name = 'RpcFault';
    this.code = error.code;
    this.params = error.params;
    this.correlationId = error.correlation_id;
  }
}

/** Makes a fault of whatever was thrown; what is not an `RpcError` becomes `internal`. */
export function toFault(thrown: unknown): RpcFault {
  if (thrown instanceof RpcFault) {
    return thrown;
  }
  if (isRpcError(thrown)) {
    return new RpcFault(thrown);
  }
  return new RpcFault({ code: 'internal', params: {}, correlation_id: '' });
}

function isRpcError(value: unknown): value is RpcError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'params' in value &&
    typeof value.params === 'object' &&
    value.params !== null &&
    'correlation_id' in value
  );
}

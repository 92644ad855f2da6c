/**
 * The facts of a caught value, read without a cast: anything can be thrown, and Node, OpenSSL, SQLite and undici put
 * their reason into different properties (https://nodejs.org/api/errors.html). Pure; none of these functions throws.
 */

/** The properties of a caught value that carry a reason; those of another type than documented are left out. */
export interface ErrorFacts {
  /** Its class, such as `TypeError`; the type of what is not an object. */
  readonly name: string;
  /** The text of the error, or of the first of several (AggregateError); the value as text when it is not an error. */
  readonly message: string;
  /** `ENOENT`, `ERR_TLS_CERT_ALTNAME_INVALID`, …; numeric codes (DOMException) are left out. */
  readonly code?: string | undefined;
  /** errno(3), negative as libuv has it. */
  readonly errno?: number | undefined;
  /** The system call or resolver function that failed. */
  readonly syscall?: string | undefined;
  /** The file it is about. */
  readonly path?: string | undefined;
  /** SQLite's extended result code (https://sqlite.org/rescode.html). */
  readonly errcode?: number | undefined;
  /** The error that caused it; at most MAX_DEPTH of them follow each other. */
  readonly cause?: ErrorFacts | undefined;
}

/** Longer chains of causes are cut here: they may be circles. */
const MAX_DEPTH = 8;

/** Reads a caught value. */
export function errorFacts(error: unknown): ErrorFacts {
  return factsAt(error, 0);
}

/** The code of a caught value: for the one question "was it this?". */
export function errorCode(error: unknown): string | undefined {
  return text(error, 'code');
}

/** The shortest informative text for the user: the code, or else the value as text (`Error: …`). */
export function errorDetail(error: unknown): string {
  return errorCode(error) ?? asText(error);
}

/** The message of a caught value, for logs and problems. */
export function errorMessage(error: unknown): string {
  return messageOf(error);
}

function factsAt(error: unknown, depth: number): ErrorFacts {
  const cause = property(error, 'cause');
  const follow = cause !== undefined && cause !== null && depth < MAX_DEPTH;
  return {
    name: text(error, 'name') ?? typeof error,
    message: messageOf(error),
    code: text(error, 'code'),
    errno: number(error, 'errno'),
    syscall: text(error, 'syscall'),
    path: text(error, 'path'),
    errcode: number(error, 'errcode'),
    cause: follow ? factsAt(cause, depth + 1) : undefined,
  };
}

function messageOf(error: unknown): string {
  const message = text(error, 'message');
  if (message === undefined) return asText(error);
  if (message !== '') return message;
  // net.connect to several addresses: an AggregateError without a text of its own.
  const several = property(error, 'errors');
  const first: unknown = Array.isArray(several) ? several[0] : undefined;
  return text(first, 'message') ?? '';
}

function text(value: unknown, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === 'string' ? found : undefined;
}

function number(value: unknown, name: string): number | undefined {
  const found = property(value, name);
  return typeof found === 'number' ? found : undefined;
}

/** A property of any value; undefined when it has none or a getter throws. */
function property(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** String(value); its type when that throws, as it does for an object without toString. */
function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

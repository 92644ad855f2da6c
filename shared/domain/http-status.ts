/** What HTTP statuses mean to `go`. */
import type { Cause } from './cause.ts';

const STATUS: Readonly<Record<number, Cause>> = {
  400: 'http-bad-request',
  401: 'http-unauthorized',
  403: 'http-forbidden',
  404: 'module-not-found',
  407: 'forward-proxy-auth',
  410: 'module-not-found',
  429: 'http-rate-limited',
  451: 'http-forbidden',
  511: 'captive-portal',
};

/** What an HTTP status other than 200 means to `go`. */
export function statusCause(status: number): Cause {
  if (STATUS[status] !== undefined) return STATUS[status];
  return status >= 500 && status <= 599 ? 'http-server-error' : 'http-unexpected-status';
}

/** What a proxy's own git says of a private module, in the text of its 404 (cmd/go prints it as "server response"). */
export const LOGIN_FAILED =
  /terminal prompts disabled|could not read Username|Authentication failed|Permission denied \(publickey/;

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

/** A page for people instead of what was asked for. */
const PAGE = /<!doctype html|<html[\s>]|<title>/i;

/**
 * Makers of filters for companies, and what their pages say. The error pages of nginx, of Google and of a CDN say nothing
 * of the kind: they can be a public proxy's own.
 */
const OF_GATEWAY =
  /zscaler|netskope|goskope|forti(?:gate|guard|net)|palo ?alto|umbrella|opendns|blue ?coat|symantec|websense|forcepoint|skyhigh|mcafee|trellix|sophos|barracuda|check ?point|iboss|smoothwall|squid|sangfor|web (?:filter|gateway|filtering|security)|your (?:organi[sz]ation|company|administrator|(?:it|network|system|security) (?:administrator|department|team))|(?:site|page|category|url|access)[^<>\n]{0,40}\b(?:is|has been|was) (?:blocked|restricted by)|深信服|奇安信|上网行为|访问(?:被|已被)(?:拒绝|阻断|限制)|管理员/i;

/** Whether a refusal is the page of a gateway on the way there (a company's filter), and not the server's own response. */
export function isGatewayPage(body: string): boolean {
  return PAGE.test(body) && OF_GATEWAY.test(body);
}

/**
 * What a request is signed in with, as `go` does it: the credentials of its URL, or those of .netrc and GOAUTH for the URL
 * that was asked for first. Sent over https only, never to another host, never shown.
 */
import type { Credential } from '../toolchain/go-credentials.ts';
import { PhaseError } from './phase-error.ts';

/**
 * The Authorization header for a URL, reached by redirects from `first`; none without credentials. Throws a PhaseError
 * for credentials in a URL of http, as `go`.
 */
export function authorization(url: URL, first = url, credential?: Credential): Record<string, string> {
  // net/http: a header that was set wins over the user of the URL.
  if (credential !== undefined && isFor(credential, url, first)) {
    return { authorization: `Basic ${basic(`${credential.login}:${credential.password}`)}` };
  }
  const credentials = basicCredentials(url);
  if (credentials === null) return {};
  if (url.protocol !== 'https:') {
    throw new PhaseError('request', 'goproxy-invalid', 'refusing to pass credentials to an insecure URL');
  }
  return { authorization: `Basic ${credentials}` };
}

/** Only a request that began at the server may carry its credential on, and only to the same host. */
function isFor({ origin, anyPort }: Credential, url: URL, first: URL): boolean {
  if (url.protocol !== 'https:' || first.origin !== origin) return false;
  return url.origin === origin || (anyPort && url.hostname === first.hostname);
}

/** The user and password of a URL as Basic authentication wants them (RFC 7617); null when it has none. */
export function basicCredentials(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  return basic(`${decoded(url.username)}:${decoded(url.password)}`);
}

/** Takes credentials out of texts that a server wrote: it may echo what it was sent. */
export function scrubber(secretUrl: string, credential?: Credential): (text: string) => string {
  const secrets = [
    ...secretsOfUrl(secretUrl),
    ...(credential === undefined ? [] : secretsOf(`${credential.login}:${credential.password}`)),
  ]
    // None so short that it would blank out ordinary words; the longest first.
    .filter((secret) => secret.length > 2)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, 'xxxxx'), text);
}

function secretsOfUrl(url: string): readonly string[] {
  const userinfo = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(url)?.[1];
  return userinfo === undefined ? [] : [userinfo, ...secretsOf(decoded(userinfo))];
}

/** A pair, its password, and both as they may be sent or shown. */
function secretsOf(pair: string): readonly string[] {
  const password = pair.slice(pair.indexOf(':') + 1);
  const sent = basic(pair.includes(':') ? pair : `${pair}:`);
  return [sent, sent.replace(/=+$/, ''), pair, password, encodeURIComponent(password)];
}

function basic(pair: string): string {
  return Buffer.from(pair).toString('base64');
}

/** WHATWG URLs keep a stray `%` in their userinfo. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

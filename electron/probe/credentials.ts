/** User name and password in a proxy's URL: sent over https only, never shown. */
import { PhaseError } from './phase-error.ts';

/** The Authorization header for a URL with credentials; none for one without. Throws a PhaseError for http, as `go`. */
export function authorization(url: URL): Record<string, string> {
  const credentials = basicCredentials(url);
  if (credentials === null) return {};
  if (url.protocol !== 'https:') {
    throw new PhaseError('request', 'goproxy-invalid', 'refusing to pass credentials to an insecure URL');
  }
  return { authorization: `Basic ${credentials}` };
}

/** The user and password of a URL as Basic authentication wants them (RFC 7617); null when it has none. */
export function basicCredentials(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  return basic(`${decoded(url.username)}:${decoded(url.password)}`);
}

/** Takes the credentials of a URL out of texts that a server wrote: it may echo what it was sent. */
export function scrubber(secretUrl: string): (text: string) => string {
  const userinfo = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(secretUrl)?.[1];
  if (userinfo === undefined) return (text) => text;
  const plain = decoded(userinfo);
  const password = plain.slice(plain.indexOf(':') + 1);
  const pair = plain.includes(':') ? plain : `${plain}:`;
  // Longest first, and none so short that it would blank out ordinary words.
  const secrets = [basic(pair), userinfo, plain, password].filter((secret) => secret.length > 2);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, 'xxxxx'), text);
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

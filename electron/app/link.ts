/**
 * `gopherbar://` links: `gopherbar://use/PROFILE` and `gopherbar://doctor?target=…`. Any page and any program can open
 * one, so a link only ever names something that a person then confirms. Everything else is refused. Pure.
 */

import { parseUrl } from '../system/web.ts';

export const LINK_SCHEME = 'gopherbar';

export type Link =
  | { readonly kind: 'use'; readonly profileId: string }
  | { readonly kind: 'doctor'; readonly target: string };

/** Longer links are refused before they are read. */
const MAX_LINK = 600;

/** As settings allow it. */
const PROFILE_ID = /^[A-Za-z0-9._:-]{1,100}$/;

/** A host, an address with its port, an HTTP URL without credentials, or a module with its version. */
const HTTP_URL = /^https?:\/\/[A-Za-z0-9[][A-Za-z0-9._~:/[\]-]*$/;
const HOST_OR_MODULE = /^[A-Za-z0-9[][A-Za-z0-9._~:/[\]-]*(?:@[A-Za-z0-9.+-]+)?$/;

/** What a link asks for; null = it is neither, or holds more than they may. */
export function readLink(text: string): Link | null {
  if (text.length > MAX_LINK || !text.startsWith(`${LINK_SCHEME}://`)) return null;
  // What a URL parser would drop or repair is refused: the person must see what was meant.
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('\\') || text.includes('#')) return null;
  const url = parseUrl(text);
  if (url === null) return null;
  const { host, pathname, searchParams, username, password } = url;
  if (username !== '' || password !== '') return null;
  if (host === 'use') {
    // As it was written: a URL parser resolves `..`.
    const profileId = decoded(text.slice(`${LINK_SCHEME}://use/`.length));
    return profileId !== null && PROFILE_ID.test(profileId) ? { kind: 'use', profileId } : null;
  }
  if (host !== 'doctor' || (pathname !== '' && pathname !== '/')) return null;
  const [only, ...others] = [...searchParams];
  const [name, target = ''] = only ?? [];
  const isPlain = HTTP_URL.test(target) || (HOST_OR_MODULE.test(target) && !target.includes('://'));
  return name === 'target' && others.length === 0 && isPlain && !target.includes('..')
    ? { kind: 'doctor', target }
    : null;
}

/** The link among the arguments of a start, as the desktops of Linux pass it. */
export function linkIn(args: readonly string[]): string | null {
  return args.slice(1).find((one) => one.toLowerCase().startsWith(`${LINK_SCHEME}:`)) ?? null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

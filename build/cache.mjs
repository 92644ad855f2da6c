/** What is downloaded once per user and may be deleted at any time. Built-ins only: read before anything is installed. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$XDG_CACHE_HOME/gopherbar`, by default `~/.cache/gopherbar`. */
export function cacheFolder() {
  const cache = process.env.XDG_CACHE_HOME?.startsWith('/') ? process.env.XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(cache, 'gopherbar');
}

/** The second Go of the tests: of Debian's current release, so that it stays where it is. */
export const NEWER_GO = '1.24';

/** Where its tree is unpacked. */
export function newerGoFolder() {
  return join(cacheFolder(), `go-${NEWER_GO}`);
}

/** Its `go` command. */
export function newerGo() {
  return join(newerGoFolder(), 'usr', 'lib', `go-${NEWER_GO}`, 'bin', 'go');
}

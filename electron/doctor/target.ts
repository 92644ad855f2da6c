/** What a person asks the doctor about: what `go` uses, a host, or a module. Pure. */

import type { Endpoint, EndpointKind, ModuleVersion } from '../../shared/domain/endpoint.ts';
import { parseModuleVersion } from '../../shared/domain/endpoint.ts';
import { displayName } from '../../shared/domain/goproxy-list.ts';
import { hostAndPortOf } from '../../shared/domain/host.ts';
import { parseUrl } from '../system/web.ts';

/** What a consultation is about. */
export type Target =
  | { readonly kind: 'in-force'; readonly text: '' }
  | { readonly kind: 'host'; readonly text: string; readonly endpoint: Endpoint }
  | { readonly kind: 'module'; readonly text: string; readonly module: ModuleVersion; readonly hasVersion: boolean };

/** Hosts of sources rather than of modules. */
const SOURCES = /(?:^|\.)(?:github\.com|gitlab\.com|bitbucket\.org|gitee\.com|golang\.org|gopkg\.in|git\.[\w.-]+)$/i;

/** Reads what was typed; null for what is neither a host nor a module path. */
export function readTarget(typed: string, known: readonly Endpoint[]): Target | null {
  const text = typed.trim().replace(/(?<!\/)\/+$/, '');
  if (text === '') return { kind: 'in-force', text: '' };
  const listed = known.find(({ id, url }) => url === text || id === text || hostAndPortOf(url) === text.toLowerCase());
  if (listed !== undefined) return { kind: 'host', text, endpoint: listed };
  // A URL that cannot be parsed would fail in every check, each with another reason.
  if (/^https?:\/\/[^\s/]+/i.test(text) && parseUrl(text) !== null)
    return { kind: 'host', text, endpoint: endpointAt(text) };
  if (/\s|:\/\//.test(text)) return null;
  if (text.includes('/') || text.includes('@')) {
    const module = parseModuleVersion(text);
    if (!/^[\w~-]+(?:\.[\w~-]+)+(?:\/[\w.~!+-]+)*$/.test(module?.path ?? text)) return null;
    return { kind: 'module', text, module: module ?? { path: text, version: 'latest' }, hasVersion: module !== null };
  }
  if (!/^(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(text)) return null;
  return parseUrl(`https://${text}`) !== null ? { kind: 'host', text, endpoint: endpointAt(`https://${text}`) } : null;
}

function endpointAt(url: string): Endpoint {
  const host = hostAndPortOf(url) ?? '';
  const kind: EndpointKind = /^sum\./i.test(host) ? 'sumdb' : SOURCES.test(host) ? 'vcs' : 'goproxy';
  return { id: url, kind, name: displayName(url), url };
}

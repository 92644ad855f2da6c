/**
 * `systemextensionsctl list`: what is installed and active, never what it blocks. Providers packaged as app extensions
 * (App Store VPNs and filters) do not appear.
 */
import { linesOf, type Read, unreadLine } from './lines.ts';

/** One installed system extension. */
export interface SystemExtension {
  readonly category: string;
  readonly enabled: boolean;
  readonly active: boolean;
  readonly teamId: string | null;
  readonly bundleId: string;
  readonly version: string | null;
  readonly name: string;
  readonly state: string;
}

/** All installed system extensions. */
export interface SystemExtensions {
  /** As the first line says; the number of rows if it is not there. */
  readonly count: number;
  /** The number of rows. macOS may list fewer or more than it counts. */
  readonly listed: number;
  readonly extensions: readonly SystemExtension[];
  /** Enabled and active network extensions: each may filter, proxy or tunnel. */
  readonly activeFilters: readonly string[];
  /** Those, and active security products that are known to filter. */
  readonly networkFilterCandidates: readonly string[];
}

/** Endpoint-security products that bring a network filter. */
const FILTERING_PRODUCTS =
  /crowdstrike|sentinelone|defender|wdav|carbonblack|cortex|traps|sophos|symantec|mcafee|trellix|jamf/i;

/** Bundle ids of network extensions tell their trade. */
const NETWORK_NAME = /network|netext|filter|proxy|vpn|tunnel|firewall|acsockext|lulu|littlesnitch/i;

/** Reads `systemextensionsctl list`; total. */
export function parseSystemExtensions(text: string): Read<SystemExtensions> {
  const { lines, unread } = linesOf(text);
  const extensions: SystemExtension[] = [];
  const strange = [...unread];
  let count: number | null = null;
  let category = 'unknown';
  for (const line of lines) {
    const said = line.text.trim();
    const total = /^(\d+) extension\(s\)$/.exec(said)?.[1];
    const heading = /^--- (?:com\.apple\.system_extension\.)?([\w.]+)/.exec(said)?.[1];
    if (total !== undefined) count = Number(total);
    else if (heading !== undefined) category = heading;
    else if (!/^enabled\s+active\s+teamID/.test(said)) {
      const row = rowOf(line.text, category);
      if (row === null) strange.push(unreadLine(line));
      else extensions.push(row);
    }
  }
  const active = extensions.filter((one) => one.enabled && one.active);
  const activeFilters = active.filter((one) => one.category === 'network_extension').map(({ bundleId }) => bundleId);
  // A row pasted without its heading: its name may still say what it is.
  const named = active.filter((one) => one.category === 'unknown' && NETWORK_NAME.test(one.bundleId));
  const products = active.filter(
    (one) => one.category === 'endpoint_security' && FILTERING_PRODUCTS.test(one.bundleId),
  );
  return {
    value: {
      count: count ?? extensions.length,
      listed: extensions.length,
      extensions,
      activeFilters,
      networkFilterCandidates: [...activeFilters, ...[...named, ...products].map(({ bundleId }) => bundleId)],
    },
    unread: strange,
  };
}

/** Terminals and chats turn tabs into blanks: then team, bundle and state are known by how they look. */
function cellsOf(line: string): readonly string[] {
  if (line.includes('\t') || line.length > 1_000) return line.split('\t');
  const [, stars = '', team = '', bundle = '', name = '', state = ''] =
    /^\s*((?:\*\s+){0,2})([A-Z0-9]{10})?\s*([\w-]+(?:\.[\w-]+)+ \([^)]*\))\s+([^\s[][^[]*)?(\[[^\]]*\])\s*$/.exec(
      line,
    ) ?? [];
  const count = stars.split('*').length - 1;
  // One star alone cannot be placed once the columns are gone; enabled comes first.
  return [count > 0 ? '*' : '', count > 1 ? '*' : '', team, bundle, name, state];
}

/** Columns are set apart by tabs; the first two are `*` or empty. */
function rowOf(line: string, category: string): SystemExtension | null {
  const [enabled = '', active = '', teamId = '', bundle = '', name = '', state = ''] = cellsOf(line).map((cell) =>
    cell.trim(),
  );
  const [, bundleId, version] = /^(\S+)(?: \(([^)]*)\))?$/.exec(bundle) ?? [];
  const said = /^\[(.*)\]$/.exec(state)?.[1];
  if (bundleId === undefined || said === undefined || !/^\*?$/.test(enabled) || !/^\*?$/.test(active)) return null;
  return {
    category,
    enabled: enabled === '*',
    active: active === '*',
    teamId: teamId === '' ? null : teamId,
    bundleId,
    version: version ?? null,
    name,
    state: said,
  };
}

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
  readonly count: number;
  readonly extensions: readonly SystemExtension[];
  /** Enabled and active network extensions: each may filter, proxy or tunnel. */
  readonly activeFilters: readonly string[];
  /** Those, and active security products that are known to filter. */
  readonly networkFilterCandidates: readonly string[];
}

/** Endpoint-security products that bring a network filter. */
const FILTERING_PRODUCTS =
  /crowdstrike|sentinelone|defender|wdav|carbonblack|cortex|traps|sophos|symantec|mcafee|trellix|jamf/i;

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
  const products = active.filter(
    (one) => one.category === 'endpoint_security' && FILTERING_PRODUCTS.test(one.bundleId),
  );
  return {
    value: {
      count: count ?? extensions.length,
      extensions,
      activeFilters,
      networkFilterCandidates: [...activeFilters, ...products.map(({ bundleId }) => bundleId)],
    },
    unread: strange,
  };
}

/** Columns are set apart by tabs; the first two are `*` or empty. */
function rowOf(line: string, category: string): SystemExtension | null {
  const [enabled = '', active = '', teamId = '', bundle = '', name = '', state = ''] = line
    .split('\t')
    .map((cell) => cell.trim());
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

/** The other reads of pfctl(8): state, references, anchors, tables, interfaces. */
import { isNoise, type UnreadLine } from './rules.ts';

/** pf could not be asked. */
export interface PfDenied {
  readonly state: 'unknown';
  readonly needs: 'root';
}

/** Whether a read ended in a refusal. */
export function isDenied(text: string): boolean {
  return /^pfctl: .*Permission denied|^pfctl: .*Operation not permitted/m.test(text);
}

const DENIED: PfDenied = { state: 'unknown', needs: 'root' };

/** pf's state and counters (`pfctl -s info`). */
export interface PfInfo {
  readonly noiseLines: number;
  readonly status: 'Enabled' | 'Disabled' | null;
  readonly enabled: boolean | null;
  /** Seconds since it was enabled; null while it is disabled. */
  readonly enabledForSeconds: number | null;
  readonly debug: string | null;
  readonly stateTable: Readonly<Record<string, number>>;
  readonly counters: Readonly<Record<string, number>>;
  /** The interface whose packets are counted (`set loginterface`); null = none. */
  readonly loginterface: string | null;
  /** Outgoing packets, IPv4 and IPv6, that were blocked on that interface; null = not counted. */
  readonly blockedOut: number | null;
  /** Its numbers by name, such as `Bytes In` and `Packets Out Blocked`: of IPv4 and of IPv6. */
  readonly interfaceStats: Readonly<Record<string, { readonly ipv4: number; readonly ipv6: number }>>;
}

interface Read<T> {
  readonly value: T;
  readonly unread: readonly UnreadLine[];
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Lines that say something, and how many were noise. */
function meaningful(text: string): { readonly lines: readonly Line[]; readonly noiseLines: number } {
  const all = text.split(/\r?\n/).map((line, i): Line => ({ number: i + 1, text: line }));
  const said = all.filter((one) => one.text.trim() !== '');
  const lines = said.filter((one) => !isNoise(one.text));
  return { lines, noiseLines: said.length - lines.length };
}

function unreadLine({ number, text }: Line): UnreadLine {
  return { line: number, text: text.trim().slice(0, 200) };
}

/** Rows of the state table; every other row is a counter. */
const STATE_ROWS: ReadonlySet<string> = new Set(['current entries', 'searches', 'inserts', 'removals']);

/** `-s info` (pf_print_state: `Status: Enabled for 8 days 03:22:04           Debug: Urgent`). */
export function parsePfInfo(text: string): Read<PfInfo | PfDenied> {
  if (isDenied(text)) return { value: DENIED, unread: [] };
  const { lines, noiseLines } = meaningful(text);
  const info: { -readonly [K in keyof PfInfo]: PfInfo[K] } = {
    noiseLines,
    status: null,
    enabled: null,
    enabledForSeconds: null,
    debug: null,
    stateTable: {},
    counters: {},
    loginterface: null,
    blockedOut: null,
    interfaceStats: {},
  };
  const unread: UnreadLine[] = [];
  // Before the first heading: one pasted line is read by its name.
  let table: 'stateTable' | 'counters' | 'interface' | 'unlisted' | 'none' = 'none';
  let packets = '';
  for (const line of lines) {
    const status = /^Status: (Enabled|Disabled)(?: for (\d+) days? (\d+):(\d\d):(\d\d))?(?:\s+Debug: (\w+))?\s*$/.exec(
      line.text,
    );
    const stats = /^Interface Stats for (\S+)/.exec(line.text);
    const both = /^\s{2,}(Bytes In|Bytes Out|Passed|Blocked)\s+(\d+)\s+(\d+)\s*$/.exec(line.text);
    const heading = /^\s{2,}(Packets (?:In|Out))\s*$/.exec(line.text);
    const row = /^\s{2,}([a-z][\w -]*?)\s+(\d+)(?:\s+[\d.]+\/s)?\s*$/.exec(line.text);
    if (status !== null) {
      const [, said, days, hours, minutes, seconds, debug] = status;
      info.status = said === 'Enabled' ? 'Enabled' : 'Disabled';
      info.enabled = said === 'Enabled';
      info.enabledForSeconds =
        info.enabled && days !== undefined
          ? ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
          : null;
      info.debug = debug ?? null;
    } else if (/^State Table\b/.test(line.text)) table = 'stateTable';
    else if (/^Counters\b/.test(line.text)) table = 'counters';
    else if (stats !== null) {
      info.loginterface = stats[1] ?? null;
      table = 'interface';
    } else if (heading !== null) packets = `${heading[1]} `;
    else if (both !== null && (table === 'interface' || table === 'none')) {
      const name = `${/^Bytes/.test(both[1] ?? '') ? '' : packets}${both[1]}`;
      const [ipv4, ipv6] = [Number(both[2]), Number(both[3])];
      info.interfaceStats = { ...info.interfaceStats, [name]: { ipv4, ipv6 } };
      if (name === 'Packets Out Blocked') info.blockedOut = ipv4 + ipv6;
    }
    // Further blocks of -v are not reported.
    else if (/^(?:Source Tracking Table|Limit Counters|Hostid:|Checksum:)/.test(line.text)) table = 'unlisted';
    else if (/\bTotal\s+Rate\s*$/.test(line.text)) table = 'unlisted';
    else if (/^\S/.test(line.text)) unread.push(unreadLine(line));
    else if (row !== null && table !== 'unlisted') {
      const name = row[1] ?? '';
      const into = table === 'stateTable' || (table === 'none' && STATE_ROWS.has(name)) ? 'stateTable' : 'counters';
      info[into] = { ...info[into], [name]: Number(row[2]) };
    } else if (row === null && table !== 'unlisted') unread.push(unreadLine(line));
  }
  return { value: info, unread };
}

/** A process that keeps pf enabled. */
export interface PfReference {
  readonly pid: number;
  readonly process: string;
  /** More than 2^53: a string. */
  readonly token: string;
  readonly age: string;
}

/** `-s References`: who keeps pf enabled. A process's name may hold blanks: split from both ends. */
export function parsePfReferences(text: string): Read<{ readonly references: readonly PfReference[] } | PfDenied> {
  if (isDenied(text)) return { value: DENIED, unread: [] };
  const references: PfReference[] = [];
  const unread: UnreadLine[] = [];
  for (const line of meaningful(text).lines) {
    if (/^(?:No pf starter references held|TOKENS:|PID\s+Process Name\s+TOKEN\s+TIMESTAMP)\s*$/.test(line.text.trim()))
      continue;
    const row = /^\s*(\d+)\s+(\S.*?)\s+(\d+)\s+(\d+ days? \d+:\d\d:\d\d)\s*$/.exec(line.text);
    if (row === null) unread.push(unreadLine(line));
    else references.push({ pid: Number(row[1]), process: row[2] ?? '', token: row[3] ?? '', age: row[4] ?? '' });
  }
  return { value: { references }, unread };
}

/** `-s Anchors`, with -v of every depth: paths. */
export function parsePfAnchors(text: string): Read<{ readonly anchors: readonly string[] } | PfDenied> {
  const { found, unread } = names(text, /^\s*([A-Za-z0-9_.*-][^\s"]*)\s*$/);
  return { value: isDenied(text) ? DENIED : { anchors: found }, unread };
}

/** `-s Tables`; with -v flags stand before the name. */
export function parsePfTables(text: string): Read<{ readonly tables: readonly string[] } | PfDenied> {
  const { found, unread } = names(text, /^(?:[cpairhCRA-]{4,8}\s+)?([A-Za-z0-9_][\w.-]*)(?:\s+\S+)?\s*$/);
  return { value: isDenied(text) ? DENIED : { tables: found }, unread };
}

function names(
  text: string,
  pattern: RegExp,
): { readonly found: readonly string[]; readonly unread: readonly UnreadLine[] } {
  const found: string[] = [];
  const unread: UnreadLine[] = [];
  if (isDenied(text)) return { found, unread };
  for (const line of meaningful(text).lines) {
    const name = pattern.exec(line.text)?.[1];
    if (name === undefined || line.text.startsWith('pfctl:')) unread.push(unreadLine(line));
    else found.push(name);
  }
  return { found, unread };
}

/** `-t NAME -T show`: addresses, networks, `!` before an exception; with -v statistics follow each. */
export function parsePfTable(
  text: string,
): Read<{ readonly noiseLines: number; readonly addresses: readonly string[] } | PfDenied> {
  if (isDenied(text)) return { value: DENIED, unread: [] };
  const { lines, noiseLines } = meaningful(text);
  const addresses: string[] = [];
  const unread: UnreadLine[] = [];
  for (const line of lines) {
    const entry = /^\s*(?:[A-Z-]\s+)?(!?\s?[0-9a-fA-F:.]+(?:%\w+)?(?:\/\d{1,3})?)\s*$/.exec(line.text)?.[1];
    if (entry !== undefined) addresses.push(entry.replace(/^!\s*/, '! '));
    else if (!/^\s+(?:Cleared|In\/|Out\/)/.test(line.text)) unread.push(unreadLine(line));
  }
  return { value: { noiseLines, addresses }, unread };
}

/** `-vsI`: interfaces, those under `set skip` marked. */
export function parsePfInterfaces(
  text: string,
): Read<{ readonly skipped: readonly string[]; readonly interfaces: readonly string[] } | PfDenied> {
  if (isDenied(text)) return { value: DENIED, unread: [] };
  const skipped: string[] = [];
  const interfaces: string[] = [];
  const unread: UnreadLine[] = [];
  for (const line of meaningful(text).lines) {
    const found = /^([A-Za-z][\w.-]*)( \(skip\))?\s*$/.exec(line.text);
    if (found?.[1] !== undefined) {
      interfaces.push(found[1]);
      if (found[2] !== undefined) skipped.push(found[1]);
    } else if (!/^\s/.test(line.text)) unread.push(unreadLine(line));
  }
  return { value: { skipped, interfaces }, unread };
}

/** What calls that change pf answer: `-e`, `-d`, `-E` (the token that `-X` gives back), `-X`, `-F`, `-f`. */
export function parsePfEnable(
  text: string,
): Read<
  { readonly enabled: boolean | null; readonly token: string | null; readonly cleared: readonly string[] } | PfDenied
> {
  if (isDenied(text)) return { value: DENIED, unread: [] };
  const token = /^Token : (\d+)\s*$/m.exec(text)?.[1] ?? null;
  const isEnabled = /^pf (?:already )?enabled$|^pfctl: pf already enabled$/m.test(text) || token !== null;
  const isDisabled = /^pf disabled$|^pfctl: pf not enabled$/m.test(text);
  const isStillEnabled = /pf still enabled\.?$/m.test(text);
  const cleared = [...text.matchAll(/^(\S.*?) cleared\.?$/gm)].map(([, what = '']) => what);
  const enabled = isEnabled || isStillEnabled ? true : isDisabled ? false : null;
  const unread = meaningful(text)
    .lines.filter((one) => !/^(?:Token : \d+|disable request successful\..*|pfctl: pf .*)$/.test(one.text.trim()))
    .map(unreadLine);
  return { value: { enabled, token, cleared }, unread };
}

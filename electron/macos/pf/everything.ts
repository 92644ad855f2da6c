/** `pfctl -sa`, of the main ruleset or of an anchor (`-a PATH -sa`): each section through its own reader. */
import type { Read } from '../lines.ts';
import { reportRules } from './describe-rules.ts';
import { isDenied, type PfDenied, type PfInfo, parsePfInfo, parsePfTables } from './info.ts';
import type { PfRule } from './pf-rule.ts';
import { isNoise, type PfRules, parsePfRules, type UnreadLine } from './rules.ts';

/** A connection that pf keeps, as `-ss` prints it. */
export interface PfState {
  readonly iface: string;
  readonly proto: string;
  readonly from: string;
  readonly direction: 'in' | 'out';
  readonly to: string;
  readonly state: string | null;
}

/** Everything that `pfctl -sa` prints. Sections that were not printed are empty. */
export interface PfEverything {
  readonly noiseLines: number;
  /** Headings, in order. */
  readonly sections: readonly string[];
  readonly anchors: readonly string[];
  readonly filterRuleCount: number;
  readonly blocks: readonly number[];
  readonly status: PfInfo['status'];
  readonly enabled: boolean | null;
  readonly enabledForSeconds: number | null;
  readonly debug: string | null;
  readonly loginterface: string | null;
  readonly blockedOut: number | null;
  readonly stateTable: PfInfo['stateTable'];
  readonly counters: PfInfo['counters'];
  readonly stateCount: number;
  readonly states: readonly PfState[];
  readonly tables: readonly string[];
  /** Filter and scrub rules. */
  readonly rules: readonly PfRule[];
  readonly translationRules: readonly PfRule[];
  readonly dummynetRules: readonly PfRule[];
  /** Counters of labelled rules: evaluations, packets, bytes and, where printed, further numbers. */
  readonly labels: readonly { readonly label: string; readonly numbers: readonly number[] }[];
  /** Seconds, or numbers of states for the adaptive ones. */
  readonly timeouts: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly fingerprints: number | null;
  /** A refusal or failure in one section, as pfctl worded it. */
  readonly errors: readonly string[];
  readonly anchorPath?: string;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Reads everything; `anchorPath` = null for the main ruleset. Without any heading, lines are read as what they look like. */
export function parsePfEverything(text: string, anchorPath: string | null = null): Read<PfEverything | PfDenied> {
  if (isDenied(text)) return { value: { state: 'unknown', needs: 'root' }, unread: [] };
  const said = text
    .split(/\r?\n/)
    .map((line, i): Line => ({ number: i + 1, text: line }))
    .filter((one) => one.text.trim() !== '');
  const lines = said.filter((one) => !isNoise(one.text));
  const errors = lines.filter((one) => one.text.startsWith('pfctl: '));
  const { sections, before } = sectionsOf(lines.filter((one) => !one.text.startsWith('pfctl: ')));
  const unread: UnreadLine[] = [];
  const within = <T>(heading: string, parse: (part: string) => T & { readonly unread: readonly UnreadLine[] }): T => {
    const part = sections.get(heading) ?? [];
    const read = parse(part.map((one) => one.text).join('\n'));
    for (const { line, text: what } of read.unread) unread.push({ line: part[line - 1]?.number ?? 0, text: what });
    return read;
  };
  const rules = (heading: string): PfRules => within(heading, parsePfRules);
  const [translation, filter, dummynet] = [rules('TRANSLATION RULES'), rules('FILTER RULES'), rules('DUMMYNET RULES')];
  const info = within('INFO', parsePfInfo).value;
  const tables = within('TABLES', parsePfTables).value;
  const rows = <T>(heading: string, read: (line: string) => T | null): readonly T[] =>
    (sections.get(heading) ?? []).flatMap((line) => {
      const row = read(line.text);
      if (row === null) unread.push({ line: line.number, text: line.text.trim().slice(0, 200) });
      return row === null ? [] : [row];
    });
  const states = rows('STATES', stateOf).filter((one) => one !== 'detail');
  const labels = rows('LABEL COUNTERS', labelOf);
  const timeouts = rows('TIMEOUTS', (line) => numberOf(line, /^(\S+)\s+(\d+)(?:s| states)?$/));
  const limits = rows('LIMITS', (line) => numberOf(line, /^(\S+)\s+hard limit\s+(\d+)$/));
  const fingerprints = rows('OS FINGERPRINTS', (line) => numberOf(line, /^(\d+)()\s*fingerprints loaded$/));
  const all = [...translation.rules, ...dummynet.rules, ...filter.rules];
  const report = reportRules(filter, anchorPath);
  const isInfo = 'status' in info;
  return {
    value: {
      noiseLines: said.length - lines.length,
      sections: [...sections.keys()],
      anchors: [...new Set(all.flatMap(({ anchor }) => (anchor === undefined || anchor === '' ? [] : [anchor])))],
      filterRuleCount: filter.rules.length,
      blocks: 'blocks' in report ? report.blocks : [],
      status: isInfo ? info.status : null,
      enabled: isInfo ? info.enabled : null,
      enabledForSeconds: isInfo ? info.enabledForSeconds : null,
      debug: isInfo ? info.debug : null,
      loginterface: isInfo ? info.loginterface : null,
      blockedOut: isInfo ? info.blockedOut : null,
      stateTable: isInfo ? info.stateTable : {},
      counters: isInfo ? info.counters : {},
      stateCount: states.length,
      states,
      tables: 'tables' in tables ? tables.tables : [],
      rules: filter.rules,
      translationRules: translation.rules,
      dummynetRules: dummynet.rules,
      labels,
      timeouts: Object.fromEntries(timeouts),
      limits: Object.fromEntries(limits),
      fingerprints: fingerprints.length === 0 ? null : Number(fingerprints[0]?.[0]),
      errors: errors.map((one) => one.text.slice(0, 200)),
      ...(anchorPath === null ? {} : { anchorPath }),
    },
    unread: [...before.map((line) => ({ line: line.number, text: line.text.trim().slice(0, 200) })), ...unread].sort(
      (a, b) => a.line - b.line,
    ),
  };
}

const HEADING = /^([A-Z][A-Z ]+):\s*$/;

function sectionsOf(lines: readonly Line[]): {
  readonly sections: ReadonlyMap<string, readonly Line[]>;
  readonly before: readonly Line[];
} {
  const sections = new Map<string, Line[]>();
  const before: Line[] = [];
  let current = before;
  for (const line of lines) {
    const heading = HEADING.exec(line.text)?.[1];
    if (heading === undefined) current.push(line);
    else {
      current = sections.get(heading) ?? [];
      sections.set(heading, current);
    }
  }
  if (sections.size > 0) return { sections, before };
  // Part of an output, pasted without its headings.
  for (const line of before) {
    const heading = likelySection(line.text);
    const part = sections.get(heading);
    if (part === undefined) sections.set(heading, [line]);
    else part.push(line);
  }
  return { sections, before: [] };
}

function likelySection(line: string): string {
  if (/^Status: |^\s{2,}[a-z][\w -]*\s+\d+(?:\s+[\d.]+\/s)?\s*$|^(?:State Table|Counters|Interface Stats)\b/.test(line))
    return 'INFO';
  if (stateOf(line) !== null) return 'STATES';
  return /^\s*(?:@\d+ )?(?:no )?(?:nat|rdr|binat)\b/.test(line) ? 'TRANSLATION RULES' : 'FILTER RULES';
}

/** `ALL tcp 192.168.1.17:58520 -> 18.136.186.65:443       ESTABLISHED:ESTABLISHED`; -v adds indented lines. */
function stateOf(line: string): PfState | 'detail' | null {
  const row = /^(\S+) (\S+) (\S+(?: \(\S+\))?) (->|<-) (\S+(?: (?:\(\S+\)|(?:->|<-) \S+))?)(?:\s+(\S+:\S+))?\s*$/.exec(
    line,
  );
  if (row === null) return /^\s+\S/.test(line) ? 'detail' : null;
  const [, iface = '', proto = '', from = '', arrow, to = '', state] = row;
  return { iface, proto, from, direction: arrow === '->' ? 'out' : 'in', to, state: state ?? null };
}

function labelOf(line: string): PfEverything['labels'][number] | null {
  const row = /^(\S.*?)((?: \d+)+)\s*$/.exec(line);
  return row === null ? null : { label: row[1] ?? '', numbers: (row[2] ?? '').trim().split(' ').map(Number) };
}

function numberOf(line: string, pattern: RegExp): readonly [string, number] | null {
  const row = pattern.exec(line.trim());
  return row === null ? null : [row[1] ?? '', Number(row[2])];
}

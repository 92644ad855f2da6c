/** Recorded outputs and kinds of error texts, and whether explain reads them rightly. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../../electron/explain/explain.ts';
import type { Finding } from '../../electron/explain/finding.ts';
import { translator } from '../../shared/messages/messages.ts';
import { remedyText } from '../../shared/messages/remedies.ts';
import { type Row, row } from './rows.ts';

export interface Recording {
  readonly file: string;
  readonly cause: string;
  readonly accept_causes?: readonly string[];
  readonly failing_host: string | null;
  readonly phase: string | null;
  readonly interrupted?: boolean;
}

/** Checked by hand, by recording: fixtures/checked.json. */
interface Checked {
  /** The module or package at fault; null = none is named. */
  readonly module?: string | null;
  /** What the remedy has to name. */
  readonly remedy?: readonly string[];
  /** The output tells of no trouble, whatever happened. */
  readonly silent?: boolean;
}

/** As in fixtures/kinds.json. */
interface Kind {
  readonly name: string;
  readonly texts: readonly string[];
  readonly expect: readonly {
    readonly cause?: string;
    readonly causeIn?: readonly string[];
    readonly host?: string;
    readonly module?: string | null;
    readonly remedyNames?: string;
    readonly remedyNot?: string;
  }[];
}

/** As in fixtures/written.json: written from knowledge of the tools before a rule was looked at, one text each. */
interface Written {
  readonly name: string;
  readonly text: string;
  /** Empty = no trouble; absent = the project's own failure, which no cause may be given to. */
  readonly causes?: readonly string[];
  /** One of several when the text allows several; null = none is named; absent = not judged. */
  readonly host?: string | null | readonly (string | null)[];
  readonly module?: string | null | readonly (string | null)[];
  /** What the remedy has to name, alternatives between bars, and what it must not. */
  readonly names?: readonly string[];
  readonly not?: readonly string[];
}

/** Where a text comes from. */
type TextSet = 'recorded' | 'kinds' | 'written';

/** One text, what is expected of its first finding, and what was found. Undefined = nothing is expected. */
export interface Case {
  readonly name: string;
  readonly set: TextSet;
  /** The project's own failure: no cause but `unknown`. */
  readonly isCode: boolean;
  /** Empty = none must be found. */
  readonly causes: readonly string[];
  /** Each of them is right. */
  readonly hosts: readonly (string | null)[] | undefined;
  readonly modules: readonly (string | null)[] | undefined;
  readonly phase: string | null;
  readonly names: readonly string[];
  readonly not: readonly string[];
  readonly found: Finding | undefined;
  readonly remedy: string;
  readonly confidence: number | null;
  readonly isRight: boolean;
}

/** For a bare EOF or a reset the text cannot tell these three apart. */
const ONE_OF_THREE = new Set(['tls', 'request', 'response']);

/** What no remedy may say: it turns verification off, or shows a way around it. */
const NEVER =
  /GOSUMDB=off|GONOSUM(?:DB|CHECK)|GOINSECURE|GOFLAGS=-insecure|sslVerify|SSL_NO_VERIFY|InsecureSkipVerify|StrictHostKeyChecking|--insecure|curl -k|rm (?:-f )?go\.sum|GOPROXY=direct/i;
const MIRRORS = /goproxy\.cn|proxy\.golang\.org|mirrors\.aliyun\.com/;

const t = translator('en');

/** Reads all texts. */
export function explainCases(root: string): readonly Case[] {
  const folder = join(root, 'electron', 'explain', 'fixtures');
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const checked = JSON.parse(read('checked.json')) as Readonly<Record<string, Checked>>;
  const recordings = JSON.parse(read('index.json')) as readonly Recording[];
  const kinds = ['kinds.json', 'public.json'].flatMap((file) => JSON.parse(read(file)) as readonly Kind[]);
  return [
    ...recordings.map((one) => recordingCase(one, checked[one.file] ?? {}, read(one.file))),
    ...kinds.flatMap((kind) => kind.texts.map((text, i) => kindCase(kind, text, i))),
    ...(JSON.parse(read('written.json')) as readonly Written[]).map(writtenCase),
  ];
}

function recordingCase(one: Recording, { module, remedy = [], silent = false }: Checked, text: string): Case {
  const isFine = one.cause.startsWith('none') || silent;
  return judged(explain(text, { interrupted: one.interrupted === true })[0], {
    name: `${one.file} (${one.cause})`,
    set: 'recorded',
    isCode: false,
    causes: isFine ? [] : (one.accept_causes ?? [one.cause]),
    hosts: isFine || one.failing_host === null ? undefined : [one.failing_host],
    modules: isFine || module === undefined ? undefined : [module],
    phase: isFine ? null : one.phase,
    names: remedy,
    not: [],
  });
}

function kindCase({ name, expect: [wanted = {}] }: Kind, text: string, i: number): Case {
  const found = explain(text)[0];
  return judged(found, {
    name: `${name} ${i + 1}`,
    set: 'kinds',
    isCode: false,
    causes: wanted.causeIn ?? (wanted.cause === undefined ? [found?.cause ?? 'any'] : [wanted.cause]),
    hosts: wanted.host === undefined ? undefined : [wanted.host],
    modules: wanted.module === undefined ? undefined : [wanted.module],
    phase: null,
    names: wanted.remedyNames === undefined ? [] : [wanted.remedyNames],
    not: wanted.remedyNot === undefined ? [] : [wanted.remedyNot],
  });
}

function writtenCase({ name, text, causes, host, module, names = [], not = [] }: Written): Case {
  return judged(explain(text)[0], {
    name,
    set: 'written',
    isCode: causes === undefined,
    causes: causes ?? ['unknown'],
    hosts: alternatives(host),
    modules: alternatives(module),
    phase: null,
    names,
    not,
  });
}

function alternatives(
  one: string | null | undefined | readonly (string | null)[],
): readonly (string | null)[] | undefined {
  return one === undefined || Array.isArray(one) ? one : [one as string | null];
}

function judged(found: Finding | undefined, wanted: Omit<Case, 'found' | 'remedy' | 'confidence' | 'isRight'>): Case {
  const isRight = wanted.causes.length === 0 ? found === undefined : wanted.causes.includes(found?.cause ?? '');
  const remedy = found === undefined ? '' : remedyText(t, found);
  return { ...wanted, found, remedy, confidence: found?.confidence ?? null, isRight };
}

/** The rows about explain. */
export function explainRows(cases: readonly Case[]): readonly Row[] {
  const failures = cases.filter(({ causes, isCode }) => causes.length > 0 && !isCode);
  const of = (wanted: TextSet) => failures.filter(({ set }) => set === wanted);
  const recorded = of('recorded');
  const kinds = of('kinds');
  const written = of('written');
  const withRemedy = failures.filter(({ found }) => found !== undefined);
  return [
    row('explain: cause', recorded, 0.98, ({ isRight }) => isRight),
    row('explain: host', withHost(recorded), 0.98, isHostRight),
    row('explain: module', withModule(recorded), 0.95, isModuleRight),
    row('explain: phase', withPhase(recorded), 0.9, isPhaseRight),
    row('explain: cause of kinds', kinds, 0.98, ({ isRight }) => isRight),
    row('explain: host of kinds', withHost(kinds), 0.98, isHostRight),
    row('explain: module of kinds', withModule(kinds), 0.95, isModuleRight),
    row('explain: cause of written texts', written, 0.98, ({ isRight }) => isRight),
    row('explain: host of written texts', withHost(written), 0.97, isHostRight),
    row('explain: module of written texts', withModule(written), 0.92, isModuleRight),
    row(
      'explain: code not called infrastructure',
      cases.filter(({ isCode }) => isCode),
      1,
      ({ isRight, found }) => isRight || found === undefined,
    ),
    row('explain: no failure passes in silence', failures, 1, ({ found }) => found !== undefined),
    row(
      'explain: successes not called failures',
      cases.filter(({ causes }) => causes.length === 0),
      1,
      ({ found }) => found === undefined,
    ),
    row(
      'explain: right when sure (≥ 0.9)',
      failures.filter(({ confidence }) => (confidence ?? 0) >= 0.9),
      0.99,
      ({ isRight }) => isRight,
    ),
    row(
      'explain: unsure when unread (≤ 0.5)',
      failures.filter(({ found }) => found?.cause === 'unknown'),
      1,
      ({ confidence }) => (confidence ?? 0) <= 0.5,
    ),
    row('remedy: names what helps', withRemedy, 0.98, ({ remedy, names }) => names.every((one) => says(remedy, one))),
    row('remedy: nothing that harms', withRemedy, 1, isHarmless),
  ];
}

function withHost(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ hosts }) => hosts !== undefined);
}

function isHostRight({ hosts, found }: Case): boolean {
  return hosts?.includes(found?.host ?? null) === true;
}

function withModule(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ modules }) => modules !== undefined);
}

function isModuleRight({ modules, found }: Case): boolean {
  return modules?.includes(found?.module ?? null) === true;
}

function withPhase(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ phase, found }) => phase !== null && found !== undefined);
}

function isPhaseRight({ phase, found }: Case): boolean {
  const isBare = found?.cause === 'eof-no-response' || found?.cause === 'connection-reset';
  return found?.layer === phase || (isBare && ONE_OF_THREE.has(phase ?? ''));
}

/** `words` are alternatives between bars. */
function says(remedy: string, words: string): boolean {
  const said = remedy.toLowerCase();
  return words.split('|').some((one) => said.includes(one.toLowerCase()));
}

/** Neither what is forbidden, nor the address that just failed, nor a public mirror for a host of one's own. */
function isHarmless({ remedy, not, found }: Case): boolean {
  if (NEVER.test(remedy) || not.some((one) => remedy.includes(one))) return false;
  const list = /GOPROXY=([^"\s]+)/.exec(remedy)?.[1] ?? '';
  if (found?.host !== undefined && list.includes(found.host)) return false;
  return !(found?.situation.hostKind === 'private' && MIRRORS.test(remedy));
}

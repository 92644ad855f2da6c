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

/** One text, what is expected of its first finding, and what was found. Undefined = nothing is expected. */
export interface Case {
  readonly name: string;
  readonly isKind: boolean;
  /** Empty = none must be found. */
  readonly causes: readonly string[];
  readonly host: string | undefined;
  readonly module: string | null | undefined;
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
  ];
}

function recordingCase(one: Recording, { module, remedy = [], silent = false }: Checked, text: string): Case {
  const isFine = one.cause.startsWith('none') || silent;
  return judged(explain(text, { interrupted: one.interrupted === true })[0], {
    name: `${one.file} (${one.cause})`,
    isKind: false,
    causes: isFine ? [] : (one.accept_causes ?? [one.cause]),
    host: isFine ? undefined : (one.failing_host ?? undefined),
    module: isFine ? undefined : module,
    phase: isFine ? null : one.phase,
    names: remedy,
    not: [],
  });
}

function kindCase({ name, expect: [wanted = {}] }: Kind, text: string, i: number): Case {
  const found = explain(text)[0];
  return judged(found, {
    name: `${name} ${i + 1}`,
    isKind: true,
    causes: wanted.causeIn ?? (wanted.cause === undefined ? [found?.cause ?? 'any'] : [wanted.cause]),
    host: wanted.host,
    module: wanted.module,
    phase: null,
    names: wanted.remedyNames === undefined ? [] : [wanted.remedyNames],
    not: wanted.remedyNot === undefined ? [] : [wanted.remedyNot],
  });
}

function judged(found: Finding | undefined, wanted: Omit<Case, 'found' | 'remedy' | 'confidence' | 'isRight'>): Case {
  const isRight = wanted.causes.length === 0 ? found === undefined : wanted.causes.includes(found?.cause ?? '');
  const remedy = found === undefined ? '' : remedyText(t, found);
  return { ...wanted, found, remedy, confidence: found?.confidence ?? null, isRight };
}

/** The rows about explain. */
export function explainRows(cases: readonly Case[]): readonly Row[] {
  const failures = cases.filter(({ causes }) => causes.length > 0);
  const recorded = failures.filter(({ isKind }) => !isKind);
  const kinds = failures.filter(({ isKind }) => isKind);
  const withRemedy = failures.filter(({ found }) => found !== undefined);
  return [
    row('explain: cause', recorded, 0.98, ({ isRight }) => isRight),
    row('explain: host', withHost(recorded), 0.98, isHostRight),
    row('explain: module', withModule(recorded), 0.95, isModuleRight),
    row('explain: phase', withPhase(recorded), 0.9, isPhaseRight),
    row('explain: cause of kinds', kinds, 0.98, ({ isRight }) => isRight),
    row('explain: host of kinds', withHost(kinds), 0.98, isHostRight),
    row('explain: module of kinds', withModule(kinds), 0.95, isModuleRight),
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
  return cases.filter(({ host }) => host !== undefined);
}

function isHostRight({ host, found }: Case): boolean {
  return found?.host === host;
}

function withModule(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ module }) => module !== undefined);
}

function isModuleRight({ module, found }: Case): boolean {
  return (found?.module ?? null) === module;
}

function withPhase(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ phase, found }) => phase !== null && found !== undefined);
}

function isPhaseRight({ phase, found }: Case): boolean {
  const isBare = found?.cause === 'eof-no-response' || found?.cause === 'connection-reset';
  return found?.layer === phase || (isBare && ONE_OF_THREE.has(phase ?? ''));
}

function says(remedy: string, words: string): boolean {
  return remedy.toLowerCase().includes(words.toLowerCase());
}

/** Neither what is forbidden, nor the address that just failed, nor a public mirror for a host of one's own. */
function isHarmless({ remedy, not, found }: Case): boolean {
  if (NEVER.test(remedy) || not.some((one) => remedy.includes(one))) return false;
  const list = /GOPROXY=([^"\s]+)/.exec(remedy)?.[1] ?? '';
  if (found?.host !== undefined && list.includes(found.host)) return false;
  return !(found?.situation.hostKind === 'private' && MIRRORS.test(remedy));
}

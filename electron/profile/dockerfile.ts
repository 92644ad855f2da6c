/**
 * Reading a Dockerfile for the stages in which go downloads. Source of the grammar:
 * https://docs.docker.com/reference/dockerfile/ (parser directives, continuation lines, here-documents, ARG and ENV scopes).
 * Pure.
 */

/** A stage that runs go. */
export interface GoStage {
  /** Its name after AS, else its number from 0. */
  readonly name: string;
  /** Line of the first command that may download, from 1. */
  readonly line: number;
  /** The command as written, shortened. */
  readonly command: string;
  /** Line of the stage's FROM, from 1. */
  readonly fromLine: number;
  /** Variables that are set for that command: by ENV, ARG, a base stage, or the command itself. */
  readonly variables: ReadonlyMap<string, StageVariable>;
}

/** A variable of a stage. ENV wins over ARG; the command's own assignment wins over both. */
export interface StageVariable {
  readonly by: 'env' | 'arg' | 'command';
  /** null = an ARG without a value: it is not set unless the build gives it one. */
  readonly value: string | null;
}

interface Instruction {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

/** Subcommands of go that may download modules. `go mod` and `go work` have some of their own. */
const DOWNLOADS =
  /(?:^|[\s;&|(`'"/])go\s+(?:-C\s+\S+\s+)?(?:build|install|get|test|run|generate|list|vet|mod\s+(?:download|tidy|vendor|verify|why|graph)|work\s+(?:sync|vendor))(?=$|[\s;&|)`'"])/;

/** More is not a Dockerfile; the reading stays linear. */
const MAX_LINES = 20_000;

/** Stages in which go may download, in order. `buildArgs` are those of `--build-arg` or of a Compose service. */
export function goStages(text: string, buildArgs: Readonly<Record<string, string>> = {}): readonly GoStage[] {
  const found: GoStage[] = [];
  const byName = new Map<string, Map<string, StageVariable>>();
  /** Defaults of ARG before the first FROM, for stages that declare the same name without one. */
  const globals = new Map<string, string>();
  let variables = new Map<string, StageVariable>();
  let name = '';
  let stages = -1;
  let fromLine = 0;
  let seen = false;
  const valueFor = (one: string) => variables.get(one)?.value ?? null;
  for (const { name: instruction, text: rest, line } of instructions(text)) {
    if (instruction === 'FROM') {
      stages += 1;
      const [, base = '', alias] = /^(?:--\S+\s+)*(\S+)(?:\s+[Aa][Ss]\s+(\S+))?/.exec(rest) ?? [];
      name = alias ?? String(stages);
      // A stage built on another one inherits its ARG and ENV; one declared before FROM is for FROM alone.
      variables = new Map(byName.get(base.toLowerCase()) ?? []);
      fromLine = line;
      byName.set(name.toLowerCase(), variables);
      byName.set(String(stages), variables);
      seen = false;
    } else if (instruction === 'ARG') {
      for (const [one, text] of assignments(rest)) {
        const preset = text === null ? null : expandVariables(text, valueFor);
        if (stages < 0) globals.set(one, buildArgs[one] ?? preset ?? '');
        else if (variables.get(one)?.by !== 'env')
          variables.set(one, { by: 'arg', value: buildArgs[one] ?? preset ?? globals.get(one) ?? null });
      }
    } else if (instruction === 'ENV' && stages >= 0) {
      // All values of one instruction see the variables from before it.
      const values = envAssignments(rest).map(([one, text]) => [one, expandVariables(text, valueFor)] as const);
      for (const [one, value] of values) variables.set(one, { by: 'env', value });
    } else if (instruction === 'RUN' && !seen && stages >= 0 && DOWNLOADS.test(plainCommand(rest))) {
      seen = true;
      const own = [...rest.matchAll(/(?:^|[\s;&("'])(GO[A-Z]+)=("[^"]*"|'[^']*'|[^\s;&|)"']*)/g)].map(
        ([, one = '', value = '']) =>
          [one, { by: 'command', value: expandVariables(unquoted(value), valueFor) } as const] as const,
      );
      const command = rest.replace(/\s+/g, ' ').slice(0, 120);
      found.push({ name, line, fromLine, command, variables: new Map([...variables, ...own]) });
    }
  }
  return found;
}

/** `ENV a=1 b="2 3"`, or the old `ENV a value`. */
function envAssignments(rest: string): readonly (readonly [name: string, value: string])[] {
  const [, name = '', value = ''] = /^([^\s=]+)\s+(.*)$/s.exec(rest) ?? [];
  if (name !== '') return [[name, value.trim()]];
  return assignments(rest).flatMap(([one, text]) => (text === null ? [] : [[one, text] as const]));
}

/** Words as `NAME` (null) or `NAME=VALUE`, quotes removed. */
function assignments(rest: string): readonly (readonly [name: string, value: string | null])[] {
  return [...rest.matchAll(/(?:^|\s)([A-Za-z_][A-Za-z0-9_]*)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*))?(?=\s|$)/g)].map(
    ([, name = '', value]) => [name, value === undefined ? null : unquoted(value)] as const,
  );
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

/** `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}`; an unset variable is empty. */
export function expandVariables(text: string, valueFor: (name: string) => string | null): string {
  return text.replace(
    /\\\$|\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+])([^{}]*))?\})/g,
    (whole, plain?: string, braced?: string, operator?: string, word = '') => {
      if (whole === '\\$') return '$';
      const value = valueFor(plain ?? braced ?? '');
      const isSet = value !== null && (operator?.startsWith(':') !== true || value !== '');
      if (operator?.endsWith('+') === true) return isSet ? word : '';
      return isSet ? (value ?? '') : operator === undefined ? '' : word;
    },
  );
}

/** The JSON form `["go", "build"]` as words. */
function plainCommand(rest: string): string {
  return rest.startsWith('[') ? rest.replace(/["[\],]+/g, ' ') : rest;
}

/** Joins continuation lines and here-documents; comments and empty lines are left out. */
function instructions(text: string): readonly Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/, MAX_LINES);
  const joiner = /^#\s*escape\s*=\s*`/im.test(lines.slice(0, 5).join('\n')) ? '`' : '\\';
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    const first = /^\s*([A-Za-z]+)\s+(.*)$/.exec(lines[at] ?? '');
    if (first === null) continue;
    const line = at + 1;
    const parts: string[] = [];
    for (let rest = first[2] ?? ''; ; rest = lines[at] ?? '') {
      const isComment = parts.length > 0 && /^\s*#/.test(rest);
      const goesOn = rest.trimEnd().endsWith(joiner);
      if (!isComment) parts.push(goesOn ? rest.trimEnd().slice(0, -1) : rest);
      if ((!goesOn && !isComment) || at + 1 >= lines.length) break;
      at += 1;
    }
    for (const [, end = ''] of (parts[0] ?? '').matchAll(/<<-?["']?([A-Za-z_][A-Za-z0-9_]*)["']?/g)) {
      for (at += 1; at < lines.length && (lines[at] ?? '').trim() !== end; at++) parts.push(`${lines[at]} ;`);
    }
    found.push({ name: (first[1] ?? '').toUpperCase(), text: parts.join(' ').trim(), line });
  }
  return found;
}

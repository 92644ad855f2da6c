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
  /** Variables that are set for that command: by ENV, ARG, a base stage, or the command itself. */
  readonly variables: ReadonlySet<string>;
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

/** Stages in which go may download, in order. */
export function goStages(text: string): readonly GoStage[] {
  const found: GoStage[] = [];
  const byName = new Map<string, Set<string>>();
  let variables = new Set<string>();
  let name = '';
  let stages = -1;
  let seen = false;
  for (const { name: instruction, text: rest, line } of instructions(text)) {
    if (instruction === 'FROM') {
      stages += 1;
      const [, base = '', alias] = /^(?:--\S+\s+)*(\S+)(?:\s+[Aa][Ss]\s+(\S+))?/.exec(rest) ?? [];
      name = alias ?? String(stages);
      // A stage built on another one inherits its ARG and ENV; one declared before FROM is for FROM alone.
      variables = new Set(byName.get(base.toLowerCase()) ?? []);
      byName.set(name.toLowerCase(), variables);
      byName.set(String(stages), variables);
      seen = false;
    } else if (instruction === 'ARG' && stages >= 0) {
      for (const word of rest.split(/\s+/)) variables.add(word.split('=')[0] ?? '');
    } else if (instruction === 'ENV' && stages >= 0) {
      for (const one of envNames(rest)) variables.add(one);
    } else if (instruction === 'RUN' && !seen && stages >= 0 && DOWNLOADS.test(plainCommand(rest))) {
      seen = true;
      const own = [...rest.matchAll(/(?:^|[\s;&("'])(GO[A-Z]+)=/g)].map(([, one = '']) => one);
      found.push({
        name,
        line,
        command: rest.replace(/\s+/g, ' ').slice(0, 120),
        variables: new Set([...variables, ...own]),
      });
    }
  }
  return found;
}

/** `ENV a=1 b="2 3"`, or the old `ENV a value`. */
function envNames(rest: string): readonly string[] {
  if (!/^[^\s=]+=/.test(rest)) return [rest.split(/\s+/)[0] ?? ''];
  return [...rest.matchAll(/(?:^|\s)([A-Za-z_][A-Za-z0-9_]*)=/g)].map(([, one = '']) => one);
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

/**
 * What a go.mod's `go` and `toolchain` lines require of the installed `go`. Pure.
 * Sources: https://go.dev/doc/toolchain, cmd/go/internal/toolchain (Select), golang.org/x/mod/modfile (GoVersionRE).
 */
import type { PreflightProblem } from '../../../shared/domain/preflight.ts';
import { type ShellCommand, shellCommand } from '../../../shared/domain/shell-command.ts';
import { compareGo } from './project.ts';

export interface GoLineFacts {
  /** As in go.mod, `1.23` or `1.23.4`; null = there is no such line. */
  readonly goLine: string | null;
  /** As in go.mod, `go1.23.4`; null = there is no such line. */
  readonly toolchainLine: string | null;
  /** Of the `go` that would build, `go1.26.10`. */
  readonly goVersion: string;
  /** GOTOOLCHAIN as it would be in effect. */
  readonly setting: string;
}

/** The first obstacle, or the download that a newer line causes; [] = the lines require nothing. */
export function goLineProblems(facts: GoLineFacts): readonly PreflightProblem[] {
  const own = facts.goVersion.replace(/^go/, '');
  if (compareGo(own, '1.21') < 0) return beforeToolchains(facts, own);
  return languageVersionAsToolchain(facts, own) ?? newerLine(facts, own);
}

/** Before Go 1.21 a go line was not a requirement, only `1.23` was a valid form, and `toolchain` was unknown. */
function beforeToolchains({ goLine, toolchainLine }: GoLineFacts, own: string): readonly PreflightProblem[] {
  const unreadable = (line: string, command: ShellCommand | null): PreflightProblem => ({
    key: 'go-line-unreadable',
    severity: 'error',
    params: { line, own },
    command,
  });
  const problems: PreflightProblem[] = [];
  if (goLine !== null && !/^[1-9]\d*\.(?:0|[1-9]\d*)$/.test(goLine)) {
    const language = languageOf(goLine);
    problems.push(
      unreadable(`go ${goLine}`, language === null ? null : shellCommand('go', ['mod', 'edit', `-go=${language}`])),
    );
  }
  // An older `go mod edit` knows neither the line nor a flag for it.
  if (toolchainLine !== null) problems.push(unreadable(`toolchain ${toolchainLine}`, null));
  return problems;
}

/** `toolchain go1.27`: since Go 1.21 the first release of a line is 1.N.0, and `go` refuses to fetch the other. */
function languageVersionAsToolchain(
  { toolchainLine, setting }: GoLineFacts,
  own: string,
): readonly PreflightProblem[] | null {
  const version = toolchainLine?.replace(/^go/, '') ?? '';
  if (setting === 'local' || !isLanguageVersion(version) || compareGo(version, own) <= 0) return null;
  const params = { line: `toolchain ${toolchainLine}`, release: `${toolchainLine}.0` };
  const command = shellCommand('go', ['mod', 'edit', `-toolchain=${toolchainLine}.0`]);
  return [{ key: 'toolchain-line-language', severity: 'error', params, command }];
}

/** A newer line, and what GOTOOLCHAIN makes of it. */
function newerLine({ goLine, toolchainLine, setting }: GoLineFacts, own: string): readonly PreflightProblem[] {
  const wanted = [goLine, toolchainLine?.replace(/^go/, '') ?? null].filter((one) => one !== null);
  const newest = wanted.toSorted(compareGo).at(-1);
  if (newest === undefined || compareGo(newest, own) <= 0) return [];
  const isOnlyToolchain = goLine === null || compareGo(goLine, own) <= 0;
  const params = { wanted: newest, own, setting };
  if (/^local$|\+path$|^path$/.test(setting)) {
    if (isOnlyToolchain) return [];
    return [
      {
        key: 'toolchain-refused',
        severity: 'error',
        params,
        command: shellCommand('go', ['env', '-w', 'GOTOOLCHAIN=auto']),
      },
    ];
  }
  if (newest === goLine && isLanguageVersion(goLine) && asksForLanguageVersion(own)) {
    const release = `${goLine}.0`;
    const command = shellCommand('go', ['mod', 'edit', `-go=${release}`]);
    return [{ key: 'go-line-language', severity: 'error', params: { ...params, release }, command }];
  }
  return [{ key: 'toolchain-fetched', severity: 'warning', params, command: null }];
}

/**
 * `1.23`, which is not a release since Go 1.21: the releases are 1.23.0, 1.23.1 …
 * (https://go.dev/doc/toolchain#version).
 */
export function isLanguageVersion(version: string): boolean {
  return /^1\.\d+$/.test(version) && compareGo(version, '1.21') >= 0;
}

/** Releases that took the go line for the name of a toolchain: 1.21.0–1.21.8 and 1.22.0–1.22.3. */
function asksForLanguageVersion(own: string): boolean {
  const [, minor, patch] = /^1\.(21|22)(?:\.(\d+))?/.exec(own) ?? [];
  if (minor === undefined) return false;
  return Number(patch ?? 0) <= (minor === '21' ? 8 : 3);
}

function languageOf(version: string): string | null {
  return /^1\.\d+/.exec(version)?.[0] ?? null;
}

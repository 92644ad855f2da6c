/** Risks in the files of a project that break downloads or builds elsewhere. */
import type { LintSeverity } from './lint.ts';
import type { ShellCommand } from './shell-command.ts';

/** Each rule with where its reason is documented. */
export const PROJECT_RULES = {
  'replace-outside': 'https://go.dev/ref/mod#go-mod-file-replace',
  'replace-inside': 'https://go.dev/ref/mod#go-install',
  'replace-missing': 'https://go.dev/ref/mod#go-mod-file-replace',
  'go-sum-missing': 'https://go.dev/ref/mod#go-sum-files',
  'go-sum-lines': 'https://go.dev/ref/mod#go-sum-files',
  'dockerfile-goproxy': 'https://docs.docker.com/build/building/variables/',
} as const;

export type ProjectRule = keyof typeof PROJECT_RULES;

/** One finding, at a place in a file. */
export interface ProjectFinding {
  readonly rule: ProjectRule;
  readonly severity: LintSeverity;
  /** Relative to the folder that was checked, with `/`. */
  readonly file: string;
  /** From 1; null = the file as a whole. */
  readonly line: number | null;
  /** For the text. */
  readonly params: { readonly [name: string]: string };
  readonly command: ShellCommand | null;
}

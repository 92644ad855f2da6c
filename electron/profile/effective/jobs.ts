/** The environment of jobs that the system starts: cron and launchd agents. Pure. */
import { EFFECTIVE_NAMES } from '../../../shared/domain/effective.ts';
import type { Env } from '../../system/files.ts';

/**
 * The variables of a crontab that hold at its last line; null where it starts no job. crontab(5): `NAME = VALUE`, quotes
 * optional, nothing is expanded.
 */
export function crontabVariables(text: string): Env | null {
  const found: Record<string, string> = {};
  let jobs = 0;
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) found[name] = value.trim().replace(/^(["'])(.*)\1$/, '$2');
    else if (/^\s*[^#\s]/.test(line)) jobs += 1;
  }
  return jobs === 0 ? null : found;
}

/** What cron gives a job besides: `/bin/sh` and a short PATH (crontab(5)). */
export function cronEnvironment({ HOME, LOGNAME, USER }: Env, variables: Env): Env {
  return { HOME, LOGNAME: LOGNAME ?? USER, USER, SHELL: '/bin/sh', PATH: '/usr/bin:/bin', ...variables };
}

/**
 * The variables of a launchd agent, from `plutil -extract EnvironmentVariables json -o - FILE`; null where none of them
 * concerns go (launchd.plist(5)).
 */
export function agentVariables(json: string): Env | null {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return null;
  }
  const entries = Object.entries(typeof content === 'object' && content !== null ? content : {});
  const variables = Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
  return EFFECTIVE_NAMES.some((name) => name in variables) ? variables : null;
}

/** Running the few entries of the catalogue that change something; as the person, never as root. */
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { type CatalogueEntry, inRoot } from './catalogue.ts';
import { parseTccutil } from './outcomes.ts';

const CHANGE_MS = 15_000;

/** Problems: `tool-missing`, `tool-failed` (its own words). */
export async function runChange(entry: CatalogueEntry, root: string, runner: ProcessRunner): Promise<Outcome> {
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };
  const outcome = await runner.run({ file: inRoot(root, entry.file), args: entry.args, env, timeoutMs: CHANGE_MS });
  if (outcome.ended === 'not-started') {
    return failed('tool-missing', { tool: entry.file, detail: outcome.code });
  }
  const said = `${outcome.stdout}${outcome.stderr}`;
  const isDone = outcome.ended === 'exited' && outcome.exitCode === 0;
  const refused = entry.id === 'tccutil reset' && !parseTccutil(said).value.ok;
  if (isDone && !refused) return DONE;
  return failed('tool-failed', { tool: entry.id, detail: said.trim().slice(0, 300) });
}

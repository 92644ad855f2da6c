/** What the engine that runs on this data folder (the app, or `gopherbar watch`) says and does, when there is one. */
import { failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { VerdictView } from '../../shared/messages/verdict-text.ts';
import { askControl } from '../control/ask-control.ts';
import type { Ask, Standing } from '../control/control-protocol.ts';
import { controlPath } from '../control/control-socket.ts';
import { dataFolder } from '../system/files.ts';
import type { CliIo } from './cli-io.ts';
import { VERSION } from './version.ts';

/** A state is ready at once. */
const STATUS_LIMIT_MS = 1_000;

/** A prompt waits for it. */
const HINT_LIMIT_MS = 300;

/** A switch ends sooner, or takes itself back. */
const SWITCH_LIMIT_MS = 60_000;

/** The state it shows; null when no engine answers. */
export async function askStanding(io: Pick<CliIo, 'env'>): Promise<Standing | null> {
  const asked = await askControl(socketOf(io), VERSION, { do: 'status' }, STATUS_LIMIT_MS);
  return 'standing' in asked ? asked.standing : null;
}

/** What its verdict rests on; null when no engine answers. */
export async function askVerdict(io: Pick<CliIo, 'env'>): Promise<VerdictView | null> {
  const asked = await askControl(socketOf(io), VERSION, { do: 'verdict' }, HINT_LIMIT_MS);
  return 'view' in asked ? asked.view : null;
}

/** What came of a change that it was asked for; null when it was not asked, so that the caller may do it. */
export async function askEngine(
  ask: Exclude<Ask, { do: 'status' | 'verdict' }>,
  io: Pick<CliIo, 'env'>,
): Promise<Outcome | null> {
  const asked = await askControl(socketOf(io), VERSION, ask, SWITCH_LIMIT_MS);
  if ('outcome' in asked) return asked.outcome;
  return 'silent' in asked ? failed('engine-silent') : null;
}

function socketOf({ env }: Pick<CliIo, 'env'>): string {
  return controlPath(dataFolder(process.platform, env));
}

/** `gopherbar since [ENDPOINT]`: what changed on this machine between the last good result and the outage. */
import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import type { OutageChanges } from '../../../shared/domain/what-changed.ts';
import { eventText } from '../../../shared/messages/event-text.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { causeShort, inLanguage } from '../../../shared/messages/messages.ts';
import { readWhatChanged } from '../../history/read-what-changed.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eventJson, iso } from '../history-json.ts';
import { openStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import type { SinceArguments } from './since.command.ts';

/** Reads what is stored and contacts no host; exit 1 during an outage. */
export async function sinceCommand(args: SinceArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const stores = await openStores(io, clock);
  const { endpoints } = stores.settings.monitor;
  if (args.endpoint !== undefined && !endpoints.some(({ id }) => id === args.endpoint)) {
    const known = endpoints.map(({ id }) => id).join(', ');
    throw new UsageError(io.t('cli.no-endpoint', { name: args.endpoint, known }));
  }
  const history = await stores.openHistory();
  try {
    const asked = endpoints.filter(({ id }) => args.endpoint === undefined || id === args.endpoint);
    const found = await readWhatChanged(asked, history);
    const now = clock.now();
    const { profiles } = stores.settings;
    const profileName = (id: string) => {
      const name = profiles.find((one) => one.id === id)?.name;
      return name === undefined ? id : inLanguage(name, io.language);
    };
    io.out(
      args.json === true
        ? `${JSON.stringify(json(found, now), null, 2)}\n`
        : rendered(found, { endpoints, now, profileName }, io),
    );
    return found === null ? EXIT.ok : EXIT.finding;
  } finally {
    await history.close();
  }
}

function json(found: OutageChanges | null, now: number) {
  const head = { schema: 1, at: iso(now) };
  if (found === null) return { ...head, outage: null };
  const { endpointId, cause, startedAt, lastGoodAt, isComplete, changes } = found;
  return {
    ...head,
    outage: {
      endpoint: endpointId,
      cause,
      startedAt: iso(startedAt),
      lastGoodAt: lastGoodAt === null ? null : iso(lastGoodAt),
      complete: isComplete,
      changes: changes.map(({ weight, ...event }) => ({ ...eventJson(event), weight })),
    },
  };
}

interface Words {
  readonly endpoints: readonly Endpoint[];
  readonly now: number;
  readonly profileName: (id: string) => string;
}

function rendered(found: OutageChanges | null, { endpoints, now, profileName }: Words, io: CliIo): string {
  const { t, language, style } = io;
  if (found === null) return `${t('since.no-outage')}\n`;
  const { endpointId, cause, startedAt, lastGoodAt } = found;
  const clock = (at: number) => formatClock(at, now, language);
  const name = endpoints.find(({ id }) => id === endpointId)?.name ?? endpointId;
  const why = cause === null ? '' : ` · ${causeShort(t, cause)}`;
  const lines = [
    `${style('red', '✗')} ${name}${why}`,
    lastGoodAt === null
      ? t('since.never-good', { from: clock(startedAt) })
      : t('since.span', { good: clock(lastGoodAt), from: clock(startedAt) }),
    ...found.changes.map((change) => {
      const said = style(change.weight === 'likely' ? 'bold' : 'dim', eventText(t, change, profileName));
      return `  ${clock(change.at)}  ${said} — ${t(`since.weight.${change.weight}`)}`;
    }),
  ];
  if (lastGoodAt !== null) {
    if (!found.isComplete) lines.push(t('since.gap'));
    else if (found.changes.length === 0) lines.push(t('since.nothing'));
  }
  return `${[...lines, t('since.next', { id: endpointId })].join('\n')}\n`;
}

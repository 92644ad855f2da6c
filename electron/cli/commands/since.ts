/** `gopherbar since [ENDPOINT]`: what changed on this machine between the last good result and the outage. */
import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { DAY_MS } from '../../../shared/domain/units.ts';
import { eventText } from '../../../shared/messages/event-text.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { causeShort, inLanguage } from '../../../shared/messages/messages.ts';
import type { HistoryStore } from '../../history/history-store.ts';
import type { Clock } from '../../system/clock.ts';
import { type Outage, type WhatChanged, whatChanged } from '../../verdict/what-changed.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eventJson, iso } from '../history-json.ts';
import { openStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import type { SinceArguments } from './since.command.ts';

/** What worked longer ago than this explains nothing about today. */
const LOOK_BACK = 7 * DAY_MS;
const MAX_ROWS = 1_000;

interface Found {
  readonly endpoint: Endpoint;
  readonly outage: Outage;
  readonly changed: WhatChanged;
}

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
    const found = await find(asked, history);
    const now = clock.now();
    const { profiles } = stores.settings;
    const profileName = (id: string) => {
      const name = profiles.find((one) => one.id === id)?.name;
      return name === undefined ? id : inLanguage(name, io.language);
    };
    io.out(
      args.json === true ? `${JSON.stringify(json(found, now), null, 2)}\n` : rendered(found, now, profileName, io),
    );
    return found === null ? EXIT.ok : EXIT.finding;
  } finally {
    await history.close();
  }
}

/** The newest open outage; one that `go` needs before others. null = none. */
async function find(endpoints: readonly Endpoint[], history: HistoryStore): Promise<Found | null> {
  const open = (await history.openIncidents()).filter(({ severity, drill }) => severity === 'down' && !drill);
  const needed = (one: Incident) => Number(one.verdict !== null);
  const [newest] = open
    .flatMap((incident) => {
      const endpoint = endpoints.find(({ id }) => id === incident.endpointId);
      return endpoint === undefined ? [] : [{ incident, endpoint }];
    })
    .sort((a, b) => needed(b.incident) - needed(a.incident) || b.incident.startedAt - a.incident.startedAt);
  if (newest === undefined) return null;
  const { endpoint, incident } = newest;
  const { startedAt, cause } = incident;
  const before = await history.samples(endpoint.id, startedAt - LOOK_BACK, startedAt, MAX_ROWS);
  const lastGoodAt = before.find(({ outcome }) => outcome !== 'failed')?.at ?? null;
  const outage = { endpointId: endpoint.id, kind: endpoint.kind, cause, startedAt, lastGoodAt };
  const events = await history.events(lastGoodAt ?? startedAt, startedAt + DAY_MS, MAX_ROWS);
  return { endpoint, outage, changed: whatChanged(outage, events) };
}

function json(found: Found | null, now: number) {
  const head = { schema: 1, at: iso(now) };
  if (found === null) return { ...head, outage: null };
  const { endpoint, outage, changed } = found;
  return {
    ...head,
    outage: {
      endpoint: endpoint.id,
      cause: outage.cause,
      startedAt: iso(outage.startedAt),
      lastGoodAt: outage.lastGoodAt === null ? null : iso(outage.lastGoodAt),
      complete: changed.isComplete,
      changes: changed.changes.map(({ weight, ...event }) => ({ ...eventJson(event), weight })),
    },
  };
}

function rendered(found: Found | null, now: number, profileName: (id: string) => string, io: CliIo): string {
  const { t, language, style } = io;
  if (found === null) return `${t('cli.since-no-outage')}\n`;
  const { endpoint, outage, changed } = found;
  const clock = (at: number) => formatClock(at, now, language);
  const why = outage.cause === null ? '' : ` · ${causeShort(t, outage.cause)}`;
  const lines = [
    `${style('red', '✗')} ${endpoint.name}${why}`,
    outage.lastGoodAt === null
      ? t('cli.since-never-good', { from: clock(outage.startedAt) })
      : t('cli.since-span', { good: clock(outage.lastGoodAt), from: clock(outage.startedAt) }),
    ...changed.changes.map((change) => {
      const said = style(change.weight === 'likely' ? 'bold' : 'dim', eventText(t, change, profileName));
      return `  ${clock(change.at)}  ${said} — ${t(`cli.since-weight.${change.weight}`)}`;
    }),
  ];
  if (outage.lastGoodAt !== null) {
    if (!changed.isComplete) lines.push(t('cli.since-gap'));
    else if (changed.changes.length === 0) lines.push(t('cli.since-nothing'));
  }
  return `${[...lines, t('cli.since-next', { id: endpoint.id })].join('\n')}\n`;
}

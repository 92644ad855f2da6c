/** Incidents and events of a span in words, newest first, by day. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { eventText } from '../../shared/messages/event-text.ts';
import { formatClock, formatDuration } from '../../shared/messages/format.ts';
import { causeShort, inLanguage } from '../../shared/messages/messages.ts';
import type { CliIo } from './cli-io.ts';

export interface StoredHistory {
  readonly incidents: readonly Incident[];
  readonly events: readonly HistoryEvent[];
  /** From the current settings; an endpoint or profile that was removed is shown by its id. */
  readonly endpoints: readonly Pick<Endpoint, 'id' | 'name'>[];
  readonly profiles: readonly Pick<Profile, 'id' | 'name'>[];
}

type Screen = Pick<CliIo, 't' | 'language' | 'style'>;

/** The text, ending in a newline. */
export function renderHistory({ incidents, events, endpoints, profiles }: StoredHistory, io: Screen): string {
  const endpointNames = new Map(endpoints.map(({ id, name }) => [id, name]));
  const profileNames = new Map(profiles.map(({ id, name }) => [id, inLanguage(name, io.language)]));
  const rows = [
    ...incidents.map((one) => incidentRow(one, endpointNames.get(one.endpointId) ?? one.endpointId, io)),
    ...events.map((one) => eventRow(one, (id) => profileNames.get(id) ?? id, io)),
  ];
  return rows.length === 0 ? `${io.t('cli.history-empty')}\n` : byDay(rows, io);
}

interface Row {
  readonly at: EpochMs;
  readonly text: string;
}

/** Newest first, one block for each day in the machine's time zone. */
function byDay(rows: readonly Row[], { language, style }: Screen): string {
  const dayOf = new Intl.DateTimeFormat(language, {
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  });
  const days = new Map<string, string[]>();
  for (const { at, text } of [...rows].sort((a, b) => b.at - a.at)) {
    const day = dayOf.format(at);
    days.set(day, [...(days.get(day) ?? []), `  ${formatClock(at, at, language)}  ${text}\n`]);
  }
  return [...days].map(([day, lines]) => `${style('bold', day)}\n${lines.join('')}`).join('\n');
}

function incidentRow(incident: Incident, name: string, io: Screen): Row {
  const { t, style } = io;
  const { severity, cause, startedAt, endedAt, drill } = incident;
  const mark = severity === 'down' ? style('red', '✗') : style('yellow', '▲');
  const practised = drill ? `${style('cyan', `[${t('popover.drill')}]`)} ` : '';
  const why = cause === null ? t(`status.${severity}`) : causeShort(t, cause);
  const span = endedAt === null ? t('cli.ongoing') : formatDuration(downtimeOf(incident, endedAt), t);
  return { at: startedAt, text: `${mark} ${practised}${style('bold', name)} · ${why} · ${span}` };
}

function eventRow(event: HistoryEvent, profileName: (id: string) => string, { t, style }: Screen): Row {
  return { at: event.at, text: `${style('dim', '·')} ${eventText(t, event, profileName)}` };
}

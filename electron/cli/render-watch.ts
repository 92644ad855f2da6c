/** The live table of `gopherbar watch`: pure, from a snapshot to lines. */
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { type EndpointState, type ProfileState, type Snapshot, STRIP_CELLS } from '../../shared/domain/snapshot.ts';
import { formatAge, formatDuration, formatLatency, formatPercent } from '../../shared/messages/format.ts';
import { causeMeaning, causeShort, inLanguage, problemText } from '../../shared/messages/messages.ts';
import { remedyForHost } from '../../shared/messages/remedies.ts';
import { verdictText } from '../../shared/messages/verdict-text.ts';
import type { CliIo } from './cli-io.ts';
import { stripText } from './strip-text.ts';
import { cut, pad, wrapped } from './text-width.ts';
import type { WatchView } from './watch-view.ts';

/** Lines of at most the terminal's width. */
export function renderWatch(
  snapshot: Snapshot,
  { view, notice }: { readonly view: WatchView; readonly notice: string },
  io: CliIo,
  now: number,
): readonly string[] {
  const { title, detail } = verdictText(snapshot, io.t, io.language, now);
  const width = io.columns();
  const lines = [
    `${verdictMark(snapshot, io)} ${io.style('bold', cut(title, width - 2))}`,
    io.style('dim', `  ${cut(detail, width - 2)}`),
    ...remedyLine(snapshot, io, width),
    ...(snapshot.demo ? [io.style('cyan', `  ${cut(io.t('cli.demo'), width - 2)}`)] : []),
    '',
    ...snapshot.endpoints.flatMap((state) => {
      const isSelected = state.endpoint.id === view.selected;
      const line = endpointLine(state, isSelected, io, width);
      return isSelected && view.open ? [line, ...detailLines(state, io, width, now)] : [line];
    }),
    '',
    ...snapshot.profiles.slice(0, 9).map((state, i) => profileLine(state, i, io, width)),
    '',
    io.style('dim', cut(footer(snapshot, io, now), width)),
  ];
  for (const problem of snapshot.notices) lines.push(io.style('yellow', cut(`! ${problemText(io.t, problem)}`, width)));
  if (notice !== '') lines.push(cut(notice, width));
  return lines;
}

/** One line for output that is not a terminal: what changed, with the time. */
export function renderChange(snapshot: Snapshot, io: CliIo, now: number): string {
  const { title, detail } = verdictText(snapshot, io.t, io.language, now);
  const rows = snapshot.endpoints.map(({ endpoint, status, lastSample }) => {
    const latency =
      lastSample === null || lastSample.outcome === 'failed' ? '' : ` ${formatLatency(lastSample.totalMs)}`;
    return `${endpoint.name} ${io.t(`status.${status}`)}${latency}`;
  });
  return `${new Date(now).toISOString()} ${title} (${detail}) | ${rows.join(', ')}`;
}

function verdictMark({ verdict }: Snapshot, { style }: CliIo): string {
  switch (verdict.severity) {
    case 'healthy':
      return style('green', '●');
    case 'degraded':
      return style('yellow', '▲');
    case 'down':
      return style('red', '✗');
    case 'paused':
      return '‖';
    case 'offline':
      return '∅';
    case 'unknown':
      return '○';
  }
}

/** What the remedy key would do. */
function remedyLine({ alert, profiles }: Snapshot, io: CliIo, width: number): readonly string[] {
  const remedy = profiles.find(({ profile }) => profile.id === alert?.remedyProfileId)?.profile;
  if (remedy === undefined) return [];
  const text = io.t('cli.watch-remedy', { profile: inLanguage(remedy.name, io.language) });
  return [io.style(['bold', 'cyan'], `  ${cut(text, width - 2)}`)];
}

/** The selected endpoint: its address, its cause in words and what to do, and when it last answered. */
function detailLines(state: EndpointState, io: CliIo, width: number, now: number): readonly string[] {
  const { endpoint, cause, lastSample, since, baseline } = state;
  const { t } = io;
  const facts = [
    t(`status.${state.status}`),
    formatDuration(now - since, t),
    ...(lastSample === null ? [] : [t('cli.watch-probed', { age: formatAge(lastSample.at, now, t) })]),
    ...(baseline === null ? [] : [t('cli.watch-usual', { latency: formatLatency(baseline.medianMs) })]),
  ];
  const lines = [redactUrl(endpoint.url), facts.join(' · ')];
  if (cause !== null) lines.push(causeMeaning(t, cause), `→ ${remedyForHost(t, cause, endpoint.url)}`);
  return lines.flatMap((line) => wrapped(line, Math.max(20, width - 6))).map((line) => io.style('dim', `     ${line}`));
}

/** Cells of the strip: all that the name, the figures and a short cause leave, at most one for each half hour. */
function stripWidth(width: number): number {
  return Math.max(24, Math.min(STRIP_CELLS, width - 90));
}

function endpointLine(state: EndpointState, isSelected: boolean, io: CliIo, width: number): string {
  const { endpoint, status, lastSample, strip, uptime24h, cause, confirming } = state;
  const marks = {
    up: io.style('green', '●'),
    degraded: io.style('yellow', '▲'),
    flapping: io.style('yellow', '≈'),
    down: io.style('red', '✗'),
    unknown: '○',
  };
  const latency = lastSample === null || lastSample.outcome === 'failed' ? '—' : formatLatency(lastSample.totalMs);
  const uptime = uptime24h === null ? '—' : formatPercent(uptime24h);
  const cells = stripWidth(width);
  const nameWidth = Math.max(12, Math.min(28, width - cells - 38));
  const said =
    cause === null ? '' : `${causeShort(io.t, cause)}${confirming > 0 ? ` (${io.t('status.confirming')})` : ''}`;
  const room = Math.max(0, width - nameWidth - cells - 24);
  return `${isSelected ? '›' : ' '}${marks[status]} ${pad(cut(endpoint.name, nameWidth), nameWidth)} ${pad(latency, 8, 'left')}  ${stripText(strip, cells, io)}  ${pad(uptime, 6, 'left')}  ${cut(said, room)}`.trimEnd();
}

function profileLine({ profile, active, walk }: ProfileState, index: number, io: CliIo, width: number): string {
  const mark = active ? io.style('green', '◉') : '◯';
  const now = io.t(`cli.walk-${walk.outcome}`);
  const name = cut(inLanguage(profile.name, io.language), 24);
  const list = profile.variables.GOPROXY ?? '';
  const text = `${pad(name, 24)} ${pad(now, 16)} ${list.replaceAll(/https?:\/\/(?:[^@/,|]*@)?/g, '')}`;
  return ` ${index + 1} ${mark} ${cut(text, Math.max(10, width - 6))}`;
}

function footer({ schedule, go }: Snapshot, { t }: CliIo, now: number): string {
  const next =
    schedule.nextAt === null
      ? t('verdict.paused')
      : t('cli.next', { seconds: Math.max(0, Math.ceil((schedule.nextAt - now) / 1_000)) });
  const found = go.state === 'found' ? `${go.version}` : go.state === 'detecting' ? '' : problemText(t, go.problem);
  return [next, found, t('cli.keys')].filter((one) => one !== '').join(' · ');
}

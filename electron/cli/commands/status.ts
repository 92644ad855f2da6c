/** `gopherbar status`: the latest results with their age, of a running engine or stored; with --probe, new ones. */

import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { formatAge, formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import { causeShort } from '../../../shared/messages/messages.ts';
import type { Standing } from '../../control/control-protocol.ts';
import type { Clock } from '../../system/clock.ts';
import { askStanding } from '../ask-engine.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportProblem } from '../report.ts';
import type { Row } from '../stored-rows.ts';
import { stripText } from '../strip-text.ts';
import { cut, pad } from '../text-width.ts';
import type { StatusArguments } from './status.command.ts';

/** Shows every endpoint; exit 1 when one is down or its last sample failed. A running engine knows it without a file. */
export async function statusCommand(args: StatusArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const standing = args.probe === true ? null : await askStanding(io);
  const rows = standing === null ? await storedRows(args, io, clock) : rowsOf(standing, io);
  if (io.signal.aborted) return EXIT.interrupted;
  const now = clock.now();
  io.out(args.json ? `${JSON.stringify(statusJson(rows, now), null, 2)}\n` : render(rows, io, now));
  return rows.some(isBad) ? EXIT.finding : EXIT.ok;
}

async function storedRows(args: StatusArguments, io: CliIo, clock: Clock): Promise<readonly Row[]> {
  const { readStoredRows } = await import('../stored-rows.ts');
  return readStoredRows(args.probe === true, io, clock);
}

function rowsOf({ endpoints, notices }: Standing, io: CliIo): readonly Row[] {
  for (const notice of notices) reportProblem(io, notice);
  return endpoints.map(({ endpoint, status, lastSample, strip, uptime24h }) => ({
    endpoint,
    sample: lastSample,
    day: { cells: strip, uptime: uptime24h },
    down: status === 'down',
  }));
}

function isBad({ sample, down }: Row): boolean {
  return down || sample?.outcome === 'failed';
}

function statusJson(rows: readonly Row[], now: number) {
  return {
    schema: 1,
    at: new Date(now).toISOString(),
    endpoints: rows.map(({ endpoint, sample, day, down }) => ({
      id: endpoint.id,
      kind: endpoint.kind,
      url: redactUrl(endpoint.url),
      status:
        sample === null
          ? 'unknown'
          : down || sample.outcome === 'failed'
            ? 'down'
            : sample.outcome === 'slow'
              ? 'degraded'
              : 'up',
      cause: sample?.cause ?? null,
      measuredAt: sample === null ? null : new Date(sample.at).toISOString(),
      ageMs: sample === null ? null : now - sample.at,
      totalMs: sample === null || sample.outcome === 'failed' ? null : sample.totalMs,
      uptime24h: day.uptime,
    })),
  };
}

function render(rows: readonly Row[], io: CliIo, now: number): string {
  if (rows.length === 0) return `${io.t('verdict.no-endpoints')} — ${io.t('verdict.no-endpoints-detail')}\n`;
  const lines = rows.map((row) => `${line(row, io, now)}\n`);
  const isNew = rows.every(({ sample }) => sample === null);
  return [...lines, ...(isNew ? [`${io.style('dim', io.t('cli.nothing-measured'))}\n`] : [])].join('');
}

function line(row: Row, io: CliIo, now: number): string {
  const { endpoint, sample, day } = row;
  const mark =
    sample === null
      ? '○'
      : isBad(row)
        ? io.style('red', '✗')
        : sample.outcome === 'slow'
          ? io.style('yellow', '▲')
          : io.style('green', '●');
  const latency = sample === null || sample.outcome === 'failed' ? '—' : formatLatency(sample.totalMs);
  const uptime = day.uptime === null ? '—' : formatPercent(day.uptime);
  const said =
    sample === null
      ? io.t('cli.never-measured')
      : [sample.cause === undefined ? '' : causeShort(io.t, sample.cause), formatAge(sample.at, now, io.t)]
          .filter((one) => one !== '')
          .join(' · ');
  return `${mark} ${pad(cut(endpoint.name, 28), 28)} ${pad(latency, 8, 'left')}  ${stripText(day.cells, 24, io)}  ${pad(uptime, 6, 'left')}  ${said}`;
}

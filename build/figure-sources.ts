/** What each file of docs/figures holds: the command that repeats it, and its figures with their goals. */

import { GOALS } from './bench/goals.ts';
import type { Record, Source } from './figure-record.ts';

const sum = (rows: readonly Record[], field: string) => rows.reduce((total, row) => total + row.number(field), 0);
const worst = (rows: readonly Record[], field: string) => Math.max(...rows.map((row) => row.number(field)));

const CLI_GOALS: Readonly<{ [command: string]: number }> = {
  version: GOALS.versionTimesNode,
  status: GOALS.statusTimesNode,
  explain: GOALS.explainTimesNode,
};

/** Each measurement: the command that repeats it, and its figures. */
export const SOURCES: Readonly<{ [file: string]: Source }> = {
  'app-soak': {
    command: 'long -- app-soak',
    figures: (all) => [
      {
        what: `faults, sleeps, switches, windows and kills of the packaged app in ${all.number('minutes')} minutes`,
        value: ['faults', 'sleeps', 'switches', 'dashboards', 'kills'].reduce(
          (total, part) => total + all.number(part),
          0,
        ),
      },
      { what: 'of them not recovered from', value: all.number('notRecovered'), atMost: 0 },
      {
        what: 'errors of pages and unexpected ones in the log',
        value: all.number('pageErrors') + all.number('unexpectedLogEntries') + all.number('unhandledRejections'),
        atMost: 0,
      },
      {
        what: 'memory of the main process, end over start',
        value: all.number('slopes', 'mainMb', 'to') / all.number('slopes', 'mainMb', 'from'),
        atMost: 1 + all.number('allowed', 'memory'),
      },
      {
        what: 'memory of all processes, end over start',
        value: all.number('slopes', 'allMb', 'to') / all.number('slopes', 'allMb', 'from'),
        atMost: 1 + all.number('allowed', 'memory'),
      },
      {
        what: 'handles, growth',
        value: all.number('slopes', 'handles', 'to') - all.number('slopes', 'handles', 'from'),
        atMost: all.number('allowed', 'handles'),
      },
      {
        what: 'timers a minute, end over start',
        value: all.number('slopes', 'timersPerMinute', 'to') / all.number('slopes', 'timersPerMinute', 'from'),
        atMost: 1 + all.number('allowed', 'timers'),
      },
    ],
  },
  attacks: {
    command: 'long -- attack',
    figures: (all) => [
      { what: 'attacks played', value: all.rows('rows').length },
      {
        what: 'attacks that got through',
        value: all.rows('rows').filter((row) => row.length('gotThrough') > 0).length,
        atMost: 0,
      },
    ],
  },
  bundle: {
    command: 'bench -- bundle',
    figures: (all) => [
      {
        what: 'JavaScript that the popover loads, texts of both languages included',
        value: all.number('popoverKb'),
        unit: 'kB',
        atMost: GOALS.popoverKb,
      },
      { what: 'of it code', value: all.number('codeKb'), unit: 'kB' },
    ],
  },
  ci: {
    command: 'long -- ci-logs',
    figures: (all) => [
      { what: 'failures of code called infrastructure', value: all.number('code', 'excused'), atMost: 0 },
      { what: 'failures of code run again', value: all.number('code', 'runAgain'), atMost: 0 },
      {
        what: `infrastructure found, of ${all.number('infrastructure', 'logs')} logs`,
        value: (100 * all.number('infrastructure', 'found')) / all.number('infrastructure', 'logs'),
        unit: '%',
        atLeast: 100 * all.number('infrastructure', 'goal'),
      },
    ],
  },
  cli: {
    command: 'bench -- cli',
    figures: (all) =>
      all.rows('rows').map((row) => {
        const command = row.text('command');
        return {
          what: `gopherbar ${command}, times a bare node`,
          value: row.number('ratio'),
          atMost: CLI_GOALS[command] ?? 0,
        };
      }),
  },
  shim: {
    command: 'bench -- shim',
    figures: (all) =>
      all.rows('rows').map((row) => ({ what: row.text('what'), value: row.number('ms'), unit: 'ms', atMost: 10 })),
  },
  code: {
    command: 'figures:code',
    figures: (all) => [
      {
        what: 'longest source file',
        value: all.number('product', 'max'),
        unit: 'lines',
        atMost: all.number('goal', 'maxLines'),
      },
      {
        what: 'lines of test for each line outside the interface',
        value: all.number('outsideUi', 'testsPerLine'),
        atLeast: all.number('goal', 'testsPerLineOutsideUi'),
      },
      { what: 'uses of any, in 1000 lines', value: all.number('product', 'anysPerThousandLines'), atMost: 0 },
    ],
  },
  crowd: {
    command: 'bench -- crowd',
    figures: (all) => [
      {
        what: 'memory of a probe in flight',
        value: all.number('kbInFlight', 'probe'),
        unit: 'kB',
        atMost: GOALS.kbInFlight,
      },
      ...all.rows('rows').map((row) => ({
        what: `99th percentile with ${row.number('size')} in flight, times the floor`,
        value: row.number('p99TimesFloor'),
        ...(row.number('size') === 1_000 ? { atMost: GOALS.p99TimesFloor } : {}),
      })),
    ],
  },
  endpoints: {
    command: 'bench -- endpoints',
    figures: (all) => [
      {
        what: `${all.number('endpoints')} endpoints judged, a quarter of them hanging`,
        value: all.number('judgedMs'),
        unit: 'ms',
        atMost: all.number('goal', 'judgedWithinMs'),
      },
      {
        what: 'first page of the dashboard',
        value: all.number('dashboardMs'),
        unit: 'ms',
        atMost: all.number('goal', 'dashboardMs'),
      },
      {
        what: 'delay of the event loop, 99th percentile',
        value: all.number('loopP99Ms'),
        unit: 'ms',
        atMost: all.number('goal', 'loopP99Ms'),
      },
    ],
  },
  explain: {
    command: 'bench -- explain',
    figures: (all) => [
      { what: 'a log full of failures explained', value: all.number('ownMbPerSecond'), unit: 'MB/s' },
      { what: 'a log without failures read', value: all.number('quietMbPerSecond'), unit: 'MB/s' },
    ],
  },
  faults: {
    command: 'long -- faults',
    figures: (all) => [
      { what: 'faults of the machine played', value: sum(all.rows('rows'), 'rounds') },
      {
        what: 'failed, crashed or lost data',
        value: sum(all.rows('rows'), 'failed') + sum(all.rows('rows'), 'crashed') + sum(all.rows('rows'), 'lost'),
        atMost: 0,
      },
    ],
  },
  fuzz: {
    command: 'long -- fuzz',
    figures: (all) => [
      { what: 'damaged inputs read without a crash', value: all.number('inputs') },
      { what: 'slowest of them', value: all.number('slowestMs'), unit: 'ms' },
      { what: 'a log of 200 MB explained', value: all.number('log', 'seconds'), unit: 's' },
      { what: 'a capture of 500 MB read', value: all.number('capture', 'seconds'), unit: 's' },
    ],
  },
  gateway: {
    command: 'long -- gateway',
    figures: (all) => [
      ...all
        .part('builds')
        .part('series')
        .parts()
        .filter(([, series]) => series.number('runs') > 0)
        .map(([name, series]) => ({
          what: `builds that succeed, upstreams: ${name}`,
          value: (100 * series.number('succeeded')) / series.number('runs'),
          unit: '%',
          ...(name.startsWith('go alone') ? {} : { atLeast: 100 }),
        })),
      { what: 'one bad upstream, times the healthy median', value: all.number('builds', 'ratio') },
    ],
  },
  history: {
    command: 'bench -- history',
    figures: (all) => [
      { what: 'bytes for a sample', value: all.number('packed', 'bytesPerSample'), atMost: GOALS.bytesPerSample },
      {
        what: 'bytes written for a sample, the log and checkpoints included',
        value: all.number('packed', 'writtenBytes'),
        atMost: GOALS.writtenPerSample,
      },
      {
        what: 'ninety days as a chart, share of the time with a row for each beat',
        value: all.number('packed', 'chartMs') / all.number('heartbeat', 'chartMs'),
        atMost: GOALS.chartOfHeartbeat,
      },
      {
        what: 'error of a percentile',
        value: all.number('worstErrorPercent'),
        unit: '%',
        atMost: 100 * GOALS.percentileError,
      },
      {
        what: 'CPU of an insert, beside the table with a row for each beat',
        value: all.number('packed', 'insertCpuMicros'),
        unit: 'µs',
        atMost: all.number('heartbeat', 'insertCpuMicros'),
      },
    ],
  },
  idle: {
    command: 'bench -- idle',
    figures: (all) => [
      {
        what: 'CPU of the hidden engine, times a bare loop of the same probes',
        value: all.number('ratio'),
        atMost: GOALS.idleTimesBare,
      },
      { what: 'wake-ups in a minute', value: all.number('wakeupsPerMinute'), atMost: GOALS.wakeupsPerMinute },
      { what: 'CPU of the hidden engine in an hour', value: all.number('cpuSecondsPerHour'), unit: 's' },
      { what: 'timers below one second while idle', value: all.number('idleTimersBelowOneSecond'), atMost: 0 },
    ],
  },
  kill: {
    command: 'long -- kill',
    figures: (all) =>
      (['history', 'engine'] as const).flatMap((part) => [
        {
          what: `samples lost in ${all.number(part, 'rounds')} kills of the ${part}`,
          value: all.number(part, 'lost'),
          atMost: 0,
        },
        {
          what: `damaged files after the kills of the ${part}`,
          value: all.number(part, 'integrityFailures'),
          atMost: 0,
        },
      ]),
  },
  open: {
    command: 'bench -- open',
    figures: (all) => [
      {
        what: 'first snapshot with a year of history',
        value: all.number('firstSnapshotMs', 'withHistory'),
        unit: 'ms',
      },
      { what: 'the same, times that without history', value: all.number('ratio'), atMost: GOALS.openWithHistory },
    ],
  },
  probe: {
    command: 'bench -- probe',
    figures: (all) =>
      all
        .rows('rows')
        .filter((row) => row.text('way').startsWith('probe'))
        .map((row) => ({
          what: `CPU of a ${row.text('way')}, ${row.text('protocol')}, times the floor`,
          value: row.number('timesFloor'),
          ...(row.text('way').includes('worker') ? { atMost: GOALS.probeTimesFloor } : {}),
        })),
  },
  redos: {
    command: 'long -- redos',
    figures: (all) => [
      { what: `texts over the budget, of ${all.number('texts')}`, value: all.number('over'), atMost: 0 },
      {
        what: 'worst reader',
        value: worst(all.rows('readers'), 'worstMsPerKb'),
        unit: 'ms/kB',
        atMost: all.number('budgetMsPerKb'),
      },
    ],
  },
  dashboards: {
    command: 'long -- dashboards',
    figures: (all) => [
      {
        what: `growth of the main process's heap over ${all.number('opens')} dashboards`,
        value: Math.round(100 * all.number('grown', 'heap')),
        unit: '%',
        atMost: 5,
      },
      {
        what: 'growth of the memory of all processes meanwhile',
        value: Math.round(100 * all.number('grown', 'pss')),
        unit: '%',
        atMost: 8,
      },
    ],
  },
  soak: {
    command: 'soak',
    figures: (all) => [
      {
        what: `outages missed, of ${all.number('outages')} in ${all.number('seeds')} months`,
        value: all.number('missed'),
        atMost: 0,
      },
      { what: 'false alerts in the worst month', value: all.number('worstFalseAlerts'), atMost: 1 },
      { what: 'most notifications for one outage', value: all.number('mostPerOutage'), atMost: 1 },
      { what: 'time to the alert, median', value: all.number('toAlertSeconds', 'median'), unit: 's' },
      { what: 'time to the alert, 95th percentile', value: all.number('toAlertSeconds', 'p95'), unit: 's' },
    ],
  },
  switch: {
    command: 'bench -- switch',
    figures: (all) =>
      all.parts().map(([name, part]) => ({
        what: `a switch of ${name}, times its bare commands`,
        value: part.number('ratio'),
        atMost: 1.3,
      })),
  },
  texts: {
    command: 'accuracy',
    figures: (all) =>
      all.rows('rows').map((row) => ({
        what: `${row.text('what')}, right of ${row.number('of')}`,
        value: (100 * row.number('right')) / row.number('of'),
        unit: '%',
        atLeast: 100 * row.number('goal'),
      })),
  },
  timing: {
    command: 'bench -- timing',
    figures: (all) => [
      ...all
        .rows('blocked')
        .filter((row) => row.text('client') === 'probe in a worker thread')
        .map((row) => ({
          what: 'time of a probe while the main thread is blocked, times the free one',
          value: row.number('timesFree'),
          atMost: all.number('goals', 'blocked'),
        })),
      {
        what: 'error of ten look-ups at once, 95th percentile',
        value: all.number('tenLookupsP95Ms'),
        unit: 'ms',
        atMost: all.number('goals', 'tenLookupsP95Ms'),
      },
    ],
  },
  walker: {
    command: 'long -- walker',
    figures: (all) =>
      all.parts().map(([go, suites]) => ({
        what: `GOPROXY lists walked otherwise than ${go} does, of ${sum(
          suites.parts().map(([, one]) => one),
          'rows',
        )}`,
        value: sum(
          suites.parts().map(([, one]) => one),
          'differences',
        ),
        atMost: 0,
      })),
  },
};

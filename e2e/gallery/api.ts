/**
 * A made-up preload API for the real pages: `?state=down&language=zh-CN&view=endpoint`. With `&refuse=commands` every
 * command is refused, with `&refuse=all` data cannot be had either, with `&broken=1` the history page throws, with `&past=none` nothing
 * has happened yet, with `&platform=darwin` the page takes itself for one on a Mac. Evaluated in the page before its own scripts.
 */
import * as v from 'valibot';
import { type GopherbarApi, REQUESTS, type RequestName } from '../../shared/contract/channels.ts';
import type { Consultation } from '../../shared/domain/doctor.ts';
import type { EndpointDetail, Snapshot } from '../../shared/domain/snapshot.ts';
import { detailOf } from './detail.ts';
import { archivedAt, consultationAt, EXPLAINED } from './doctor.ts';
import { gatewayAt } from './gateway.ts';
import { chartOf, dashboardOf } from './past.ts';
import { policyAt, USES } from './policy.ts';
import { FINDINGS, PLAN, PREFLIGHT, routesOf, TABLE } from './profiles.ts';
import { IMPORT, LICENCES, MIRRORS, settingsAt } from './settings.ts';
import { sinceAt } from './since.ts';
import { STATES } from './states/index.ts';
import { trafficAt } from './traffic.ts';
import { updatesAt } from './updates.ts';

// Each page starts as if for the first time.
localStorage.clear();

const query = new URLSearchParams(location.search);
const state = query.get('state') ?? 'healthy';
const make = STATES[state];
if (make === undefined) throw new Error(`no such state: ${state}`);
const base = make(Date.now());
const language = query.get('language') === 'zh-CN' ? 'zh-CN' : 'en';
const welcomed = query.get('welcome') === null;
/** `&managed=a,b`: an organization manages these. */
const managed = query.get('managed')?.split(',') ?? settingsAt(state).locked;
const snapshot: Snapshot = { ...base, managed, preferences: { ...base.preferences, language, welcomed } };

const answers: Partial<Record<RequestName, (input: unknown) => unknown>> = {
  'snapshot.get': () => snapshot,
  'endpoint.detail': (input): EndpointDetail | null =>
    detailOf(snapshot, (input as { endpointId: string }).endpointId, Date.now()),
  'chart.get': (input) => {
    const { endpointId, from, to } = input as { endpointId: string; from: number; to: number };
    return chartOf(snapshot, endpointId, from, to);
  },
  'meter.get': () => ({
    since: Date.now() - 5 * 3_600_000,
    cpuMs: 26_400,
    wakeups: 4_210,
    residentBytes: 96_000_000,
    probesToday: 1_842,
    bytesToday: 13_400_000,
    bytesPerDay: 300_000_000,
  }),
  'gateway.get': () => gatewayAt(state, Date.now()),
  'prefetch.get': () => ({
    ok: true,
    value: {
      needed: 41,
      missing: [
        'golang.org/x/net@v0.48.0',
        'google.golang.org/grpc@v1.77.0',
        'golang.org/toolchain@v0.0.1-go1.27.0.darwin-arm64',
      ],
    },
  }),
  'prefetch.start': () => ({ ok: true, value: { needed: 41, missing: [] } }),
  'settings.get': () => ({ ...settingsAt(state), locked: managed }),
  'licences.get': () => LICENCES,
  'updates.get': () => updatesAt(state, Date.now()),
  'settings.import-choose': () => ({ ok: true, value: IMPORT }),
  'settings.git': () => '/usr/bin/git',
  'mirrors.test': () => MIRRORS,
  'settings.try': () => ({ ok: true, value: { outcome: 'ok', latencyMs: 38, cause: null } }),
  'contacts.get': () => [
    ...snapshot.endpoints.map(({ endpoint }) => ({ host: endpoint.url, reason: endpoint.kind })),
    { host: 'udp://223.5.5.5', reason: 'doctor' },
  ],
  'dashboard.get': () => {
    const full = dashboardOf(snapshot, Date.now());
    const dashboard = query.get('past') === 'none' ? { ...full, incidents: [], lag: [], mirrors: [] } : full;
    if (query.get('broken') === null) return dashboard;
    // An instant beyond what Date can hold fits the contract, and formatting it throws.
    return { ...dashboard, incidents: dashboard.incidents.map((one) => ({ ...one, startedAt: 9e15 })) };
  },
  'doctor.get': () => ({
    current: state === 'drift' ? null : currentConsultation(),
    archived: archivedAt(Date.now()),
  }),
  'since.get': () => sinceAt(snapshot, query.get('since') ?? 'changes', Date.now()),
  'explain.text': () => EXPLAINED,
  'doctor.report': () => '## Gopherbar report',
  'policy.get': () => ({ last: policyAt(Date.now()), uses: USES }),
  'policy.read': () => policyAt(Date.now()),
  'traffic.get': () => trafficAt(Date.now(), query.get('traffic') === 'capture' ? 'capture' : 'trace'),
  'profile.plan': () => ({ ok: true, value: PLAN }),
  'routes.get': () => routesOf(snapshot),
  'lint.get': () => (state === 'healthy' ? [] : FINDINGS),
  'effective.get': () => TABLE,
  'folder.choose': () => '/Users/me/work/shop',
  'preflight.get': () => ({ ok: true, value: PREFLIGHT }),
};

function currentConsultation(): Consultation {
  const ended = consultationAt(Date.now());
  if (query.get('trying') === null) return ended;
  return { ...ended, endedAt: null, fixes: ended.fixes.slice(0, 1), trying: { done: 4, of: 6 } };
}

/** A refusal whose text needs a parameter. */
const REFUSAL = { ok: false, problem: { key: 'no-project', params: { folder: '/Users/me/work/shop' } } };
const refuse = query.get('refuse');

async function answer(name: RequestName, input: unknown): Promise<unknown> {
  const isCommand = v.safeParse(REQUESTS[name].output, REFUSAL).success;
  if (refuse !== null && isCommand && name !== 'popover.resize') return REFUSAL;
  if (refuse === 'all' && !isCommand && name !== 'snapshot.get') throw new Error('internal');
  return answers[name]?.(input) ?? { ok: true };
}

/** Names of the requests so far, with the profile that was asked for. */
const asked: string[] = [];
let follow: (snapshot: Snapshot) => void = () => {};

/** Makes a profile the active one, as a switch would. */
function activate(id: string): void {
  const profiles = snapshot.profiles.map((one) => ({ ...one, active: one.profile.id === id }));
  follow({ ...snapshot, profiles });
}

const view = query.get('view');
const api: GopherbarApi = {
  request(name, input) {
    asked.push(name === 'profile.use' ? `${name} ${(input as { profileId: string }).profileId}` : name);
    return answer(name, input) as never;
  },
  on(name, listener) {
    if (name === 'snapshot.changed') follow = listener as (snapshot: Snapshot) => void;
    if (name === 'view.show' && view !== null) {
      const endpointId = snapshot.endpoints[0]?.endpoint.id ?? '';
      setTimeout(() => listener((view === 'endpoint' ? { view, endpointId } : { view }) as never));
    }
    return () => {};
  },
  systemLanguages: ['en'],
  platform: query.get('platform') === 'darwin' ? 'darwin' : 'linux',
};

Object.assign(window, { gopherbar: api, asked, activate });

/**
 * Automatic switching over a go port kept in memory, in fake time: failover and back, network rules, exceptions, the
 * end.
 */
import { describe, expect, it } from 'vitest';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { DONE, failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { InForce, Profile } from '../../shared/domain/profile.ts';
import {
  DEFAULT_PREFERENCES,
  type Drift,
  type GoState,
  type Preferences,
  type ProfileState,
} from '../../shared/domain/snapshot.ts';
import { LINT_FIX_SWITCH_ID } from '../../shared/domain/switch-plan.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { BACK_AFTER_MS, DWELL_MS } from '../verdict/failover.ts';
import { AutoSwitch, BROKEN_RETRY_MS, type GoPort } from './auto-switch.ts';

function profile(id: string, networks: readonly string[] = []): Profile {
  const variables = { GOPROXY: `https://${id}.example` };
  return { id, name: id, explanation: '', builtIn: false, variables, git: [], networks };
}

const PROFILES = [profile('a'), profile('b'), profile('c', ['office'])];

/** go and git in memory; the effective settings change by `apply`, `undo` and by hand. */
class MemoryGo implements GoPort {
  goproxy = 'https://a.example';
  switches: { readonly from: string | null; readonly to: string; readonly before: string }[] = [];
  drifted: Drift | null = null;
  /** Thrown by the next call of a method with this name. */
  throws: string | null = null;
  refusal: Outcome = DONE;
  /** Whether git does not work. */
  broken = false;
  reads = 0;
  isClosed = false;
  onFileChange = () => {};
  /** What every read waits for. */
  gate: Promise<void> = Promise.resolve();

  async recover() {
    this.#mayThrow('recover');
    return null;
  }

  async read(): Promise<GoState> {
    this.reads += 1;
    this.#mayThrow('read');
    const { goproxy } = this;
    await this.gate;
    if (this.broken) return { state: 'broken', problem: { key: 'git-refused', params: {} } };
    return {
      state: 'found',
      path: '/go',
      version: 'go1.26.0',
      envFile: '/e',
      overrides: [],
      checkedAt: 0,
      ...inForce(goproxy),
    };
  }

  async apply({ id, variables }: Profile, from: string | null): Promise<Outcome> {
    this.#mayThrow('apply');
    if (!this.refusal.ok) return this.refusal;
    this.switches.push({ from, to: id, before: this.goproxy });
    this.goproxy = variables.GOPROXY ?? this.goproxy;
    return DONE;
  }

  async undo() {
    const last = this.switches.pop();
    if (last === undefined) return failed('nothing-to-undo');
    this.goproxy = last.before;
    return succeeded('exactly' as const);
  }

  async undoable() {
    return succeeded(this.switches.map(({ from, to }, i) => ({ switchId: String(i), from, to, at: i })).reverse());
  }

  async plan() {
    return succeeded({ variables: [], git: [], commands: [], leftOut: [] });
  }

  async drift() {
    return this.drifted;
  }

  async accept() {
    this.drifted = null;
  }

  async revert() {
    this.drifted = null;
    return DONE;
  }

  async watch(onChange: () => void) {
    this.onFileChange = onChange;
    return () => {
      this.onFileChange = () => {};
    };
  }

  async close() {
    this.isClosed = true;
  }

  #mayThrow(method: string) {
    if (this.throws !== method) return;
    this.throws = null;
    throw new Error(`${method} broke`);
  }
}

function inForce(goproxy: string): InForce {
  return { effective: { GOPROXY: goproxy }, set: ['GOPROXY'], unknown: [], git: [] };
}

interface StartOptions {
  readonly failover?: boolean;
  /** The history’s events, newest first. */
  readonly past?: readonly HistoryEvent[];
  /** What another program changed before the start. */
  readonly drifted?: Drift | null;
}

async function start({ failover = true, past = [], drifted = null }: StartOptions = {}) {
  const clock = new FakeClock();
  const go = new MemoryGo();
  go.drifted = drifted;
  const events: string[] = [];
  const announced: Announcement[] = [];
  const notices: string[] = [];
  const errors: unknown[] = [];
  const drill = { runs: false, works: true, practised: [] as string[] };
  let changes = 0;
  const preferences: Preferences = { ...DEFAULT_PREFERENCES, failover, failoverProfiles: ['a', 'b', 'c'] };
  const auto = new AutoSwitch({
    clock,
    go,
    profiles: () => PROFILES,
    preferences: () => preferences,
    record: (kind, detail) => events.push(`${kind} ${detail}`),
    events: async () => past,
    notice: ({ key }) => notices.push(key),
    announce: (announcement) => announced.push(announcement),
    practise: ({ id }) => {
      if (!drill.runs) return null;
      drill.practised.push(id);
      return Promise.resolve(drill.works);
    },
    onChange: () => {
      changes += 1;
    },
    onError: (error) => errors.push(error),
  });
  await auto.start();
  /** What the judgement says: the outcome of each profile's walk. */
  const follow = async (outcomes: Partial<Record<string, Walk['outcome']>>) => {
    const states = PROFILES.map((one): ProfileState => {
      const active = one.variables.GOPROXY === go.goproxy;
      const outcome = outcomes[one.id] ?? 'works';
      return { profile: one, active, walk: { steps: [], outcome, endsAt: 0, latencyMs: 100 } };
    });
    auto.follow(
      states,
      states.some(({ active, walk }) => active && walk.outcome === 'stops'),
    );
    await clock.advance(0);
  };
  return { clock, go, auto, events, announced, notices, errors, drill, follow, changes: () => changes };
}

it('reads go and git again until they work, and no longer', async () => {
  const { clock, go, auto } = await start();
  go.broken = true;
  await auto.refresh();
  expect(auto.go.state).toBe('broken');
  await clock.advance(BROKEN_RETRY_MS);
  expect(auto.go.state).toBe('broken');
  go.broken = false;
  await clock.advance(BROKEN_RETRY_MS);
  expect(auto.go.state).toBe('found');
  const { reads } = go;
  await clock.advance(10 * BROKEN_RETRY_MS);
  expect(go.reads).toBe(reads);
  go.broken = true;
  await auto.refresh();
  await auto.close();
  await clock.advance(10 * BROKEN_RETRY_MS);
  expect(go.reads).toBe(reads + 1);
});

it('records settings that another program changed, but not those of a switch', async () => {
  const { go, auto, events } = await start();
  go.goproxy = 'off';
  await auto.refresh();
  expect(events).toEqual(['go-settings-changed GOPROXY']);
  await auto.use('b');
  await auto.undo();
  expect(events.slice(1)).toEqual(['switched b', 'undone b']);
  // A switch by the command line, whose process records it.
  go.switches.push({ from: 'a', to: 'b', before: go.goproxy });
  go.goproxy = 'https://b.example';
  await auto.refresh();
  expect(events).toHaveLength(3);
});

describe('failover', () => {
  it('leaves a failed profile at once, and returns when it has worked for long enough', async () => {
    const { clock, go, auto, events, announced, follow } = await start();
    await follow({ a: 'stops' });
    expect(go.goproxy).toBe('https://b.example');
    expect(auto.preferred).toBe('a');
    await follow({});
    await clock.advance(BACK_AFTER_MS - 1);
    await follow({});
    expect(go.goproxy).toBe('https://b.example');
    await clock.advance(1);
    await follow({});
    expect(go.goproxy).toBe('https://a.example');
    expect(events).toEqual(['failed-over b', 'failed-back a']);
    expect(announced.map((one) => (one.kind === 'moved' ? `${one.why} ${one.to}` : one.kind))).toEqual([
      'outage b',
      'recovered a',
    ]);
  });

  it('does nothing when it is off, after a change by hand, or while no profile works', async () => {
    const off = await start({ failover: false });
    await off.follow({ a: 'stops' });
    expect(off.go.switches).toEqual([]);
    const { go, auto, follow } = await start();
    await follow({ a: 'stops', b: 'stops', c: 'stops' });
    go.drifted = { variables: [], git: [] };
    await auto.refresh();
    await follow({ a: 'stops' });
    expect(go.switches).toEqual([]);
  });

  it('does not try a refused move again at once', async () => {
    const { clock, go, notices, follow } = await start();
    go.refusal = failed('goenv-off');
    await follow({ a: 'stops' });
    await follow({ a: 'stops' });
    expect(notices).toEqual(['goenv-off']);
    await clock.advance(DWELL_MS);
    go.refusal = DONE;
    await follow({ a: 'stops' });
    expect(go.goproxy).toBe('https://b.example');
  });

  it('does not switch back after a manual choice', async () => {
    const { auto, follow } = await start();
    await follow({ a: 'stops' });
    expect(await auto.use('c')).toEqual(DONE);
    expect(auto.preferred).toBeNull();
  });

  it('only practises while a drill runs, and does not remember that it moved', async () => {
    const { go, auto, follow, announced, drill } = await start();
    drill.runs = true;
    await follow({ a: 'stops' });
    expect(drill.practised).toEqual(['b']);
    expect(await auto.use('c')).toMatchObject({ ok: false, problem: { key: 'drill-practised' } });
    expect(await auto.use('nowhere')).toMatchObject({ ok: false, problem: { key: 'no-such-profile' } });
    drill.works = false;
    expect(await auto.use('c')).toMatchObject({ ok: false, problem: { key: 'drill-practice-failed' } });
    expect([go.goproxy, go.switches, announced, auto.preferred]).toEqual(['https://a.example', [], [], null]);
    drill.runs = false;
    await follow({ a: 'stops' });
    expect(go.goproxy).toBe('https://b.example');
  });
});

describe('network rules', () => {
  it('apply a profile once per network; a network without a rule changes nothing', async () => {
    const { go, auto, announced } = await start();
    await auto.enterNetwork('café');
    await auto.enterNetwork('office');
    await auto.enterNetwork('office');
    expect(go.switches.map(({ from, to }) => `${from} ${to}`)).toEqual(['a c']);
    expect(announced).toEqual([{ kind: 'moved', from: 'a', to: 'c', why: 'network' }]);
  });

  it('change nothing after a change by hand', async () => {
    const { go, auto } = await start();
    go.drifted = { variables: [], git: [] };
    await auto.refresh();
    await auto.enterNetwork('office');
    expect(go.switches).toEqual([]);
  });
});

describe('commands', () => {
  it('switch, fix, undo and are recorded', async () => {
    const { auto, events } = await start();
    expect(await auto.use('b')).toEqual(DONE);
    expect(auto.switches[0]).toMatchObject({ from: 'a', to: 'b' });
    expect(await auto.fix({ variables: { GOPROXY: 'direct' }, git: [] })).toEqual(DONE);
    expect(await auto.undo()).toEqual(DONE);
    expect(events).toEqual(['switched b', `switched ${LINT_FIX_SWITCH_ID}`, `undone ${LINT_FIX_SWITCH_ID}`]);
    expect(await auto.use('nobody')).toMatchObject({ ok: false, problem: { key: 'no-such-profile' } });
  });

  it('are refused while another runs', async () => {
    const { auto } = await start();
    const first = auto.use('b');
    expect(auto.busy).toBe(true);
    expect(await auto.use('c')).toMatchObject({ ok: false, problem: { key: 'switch-busy' } });
    await first;
    expect(auto.busy).toBe(false);
  });

  it.each(['apply', 'read'])('that throw in %s do not block the next one', async (method) => {
    const { go, auto, errors, events } = await start();
    go.throws = method;
    const outcome = await auto.use('b');
    expect(outcome.ok).toBe(method === 'read');
    expect(errors).toHaveLength(1);
    expect(auto.busy).toBe(false);
    expect(await auto.use('c')).toEqual(DONE);
    expect(events.at(-1)).toBe('switched c');
  });
});

describe('effective settings', () => {
  it('is read again when a file changes; many changes during a read share one further read', async () => {
    const { clock, go, auto } = await start();
    let open = () => {};
    go.gate = new Promise((resolve) => {
      open = resolve;
    });
    const before = go.reads;
    go.onFileChange();
    go.goproxy = 'https://c.example';
    for (let i = 0; i < 20; i += 1) go.onFileChange();
    open();
    await clock.advance(0);
    expect(go.reads - before).toBe(2);
    expect(auto.go).toMatchObject({ effective: { GOPROXY: 'https://c.example' } });
  });

  it('is not overwritten by a slower read that began before a switch', async () => {
    const { clock, go, auto } = await start();
    let open = () => {};
    go.gate = new Promise((resolve) => {
      open = resolve;
    });
    const refreshed = auto.refresh();
    await clock.advance(0);
    go.gate = Promise.resolve();
    await auto.use('b');
    open();
    await refreshed;
    expect(auto.go).toMatchObject({ effective: { GOPROXY: 'https://b.example' } });
  });

  it('keeps running when the first read throws', async () => {
    const { go, auto, errors } = await start();
    go.throws = 'recover';
    await auto.start();
    expect(errors).toHaveLength(1);
    await auto.refresh();
    expect(auto.go.state).toBe('found');
  });
});

it('close waits for the running switch; afterwards nothing is read, written or shown', async () => {
  const { clock, go, auto, events, changes } = await start();
  const switching = auto.use('b');
  const closing = auto.close();
  await clock.advance(0);
  await closing;
  expect(await switching).toEqual(DONE);
  expect(events).toEqual(['switched b']);
  expect(go.isClosed).toBe(true);
  const [reads, shown] = [go.reads, changes()];
  expect(await auto.use('c')).toMatchObject({ ok: false });
  go.onFileChange();
  await auto.refresh();
  await auto.enterNetwork('office');
  expect([go.reads, changes(), go.switches.length]).toEqual([reads, shown, 1]);
});

describe('a change that another program made while no app was running', () => {
  const drifted: Drift = { variables: [{ name: 'GOPROXY', from: 'a', to: 'b' }], git: [] };
  const recorded = (events: readonly string[]) => events.filter((one) => one.startsWith('go-settings-changed'));

  it('is recorded at the start, once', async () => {
    const { auto, events } = await start({ drifted });
    expect(recorded(events)).toEqual(['go-settings-changed GOPROXY']);
    await auto.refresh();
    expect(recorded(events)).toHaveLength(1);
    await auto.close();
  });

  it('is not recorded again at the next start', async () => {
    const past: readonly HistoryEvent[] = [{ at: 5, kind: 'go-settings-changed', detail: 'GOPROXY' }];
    const { auto, events } = await start({ drifted, past });
    expect(recorded(events)).toEqual([]);
    await auto.close();
  });
});

/**
 * The engine without any window: what the app, the command line and integration tests start. The map of the house:
 *
 *   shared/domain    types and pure functions       shared/contract  the IPC      shared/messages  all texts
 *   electron/
 *     system         ports with their real adapters: clock, processes, files, locks, network, log
 *     toolchain      the real go and git      integrity  hashes, signatures, checksum trees
 *     explain        outputs of go and git    settings   the settings file
 *     probe          one measurement of one endpoint; control experiments; worker thread
 *     verdict        pure decisions over values: health, cadence, walk, verdict, incident, alert, failover
 *     monitor        only when: schedule, queue, cross-checks; sync lag of mirrors
 *     conditions     network identity, power, byte budget        notify   incidents and notifications
 *     history        SQLite: samples, rollups, incidents, events; recorder; baselines
 *     profile        read, plan, apply, undo, drift, lint, preflight; automatic moves
 *     doctor         checks, judgement, fixes, report            arbiter  whose copy of a module is wrong
 *     capture trace traffic   packet captures and real downloads, and how the app holds them
 *     macos          policies of macOS, the catalogue of privileged commands      drill  practised outages
 *     engine         joins all of these (this folder)
 *     composition    builds the real adapters, each once         app  cli   the doors
 *
 * One result, one way: monitor/monitor.ts (when) → probe pool → endpoint-book.ts `observe` → judgement.ts → reactions.ts →
 * snapshot.ts → subscribers; pipeline.ts calls these in order. One command, one way back: app or cli → a service of
 * engine-api.ts → effect → new snapshot. Who may import whom: build/check-layers.mjs, run by `npm run check`.
 */
import { DONE, failed } from '../../shared/domain/outcome.ts';
import { isPrivateModule } from '../../shared/domain/private-modules.ts';
import type { Engine, PowerService, ProbingService } from './engine-api.ts';
import { EngineParts } from './engine-parts.ts';
import type { EnginePorts } from './engine-ports.ts';
import { PreferenceCommands } from './preference-commands.ts';
import { ProfileCommands } from './profile-commands.ts';
import { HistoryQueries } from './queries.ts';
import { restore } from './restore.ts';

/** Starts the engine: restores what an earlier run stored, then probes. Resolves with a first snapshot at hand. */
export async function startEngine(ports: EnginePorts): Promise<Engine> {
  const parts = new EngineParts(ports);
  await restore(ports, parts);
  const stopWatching = run(ports, parts);
  const { pipeline, publisher, startedAt } = parts;
  const settings = () => parts.settings;
  const changeSettings = parts.changeSettings.bind(parts);
  const update = () => pipeline.update();
  const { store } = ports.history;
  let closing: Promise<void> | null = null;
  return {
    probing: probingOf(parts),
    profiles: new ProfileCommands(ports, { ...parts, settings, changeSettings }),
    history: new HistoryQueries({ ...ports, ...parts, store, settings, startedAt, snapshot: () => pipeline.current() }),
    drill: parts.drills,
    preferences: new PreferenceCommands({ ...ports, ...parts, file: ports.settings, settings, changeSettings, update }),
    power: powerOf(parts),
    snapshot: () => pipeline.current(),
    subscribe: (listener) => publisher.subscribe(listener),
    onAnnouncement: (listener) => publisher.onAnnouncement(listener),
    close: () => {
      stopWatching();
      closing ??= close(ports, parts);
      return closing;
    },
  };
}

function probingOf({ monitor, book, recorder, gaps, pipeline, autoSwitch, lag }: EngineParts): ProbingService {
  return {
    probeNow: async (endpointId) => {
      const ids = book.records().map(({ endpoint }) => endpoint.id);
      const wanted = endpointId === null ? ids : ids.filter((id) => id === endpointId);
      if (endpointId !== null && wanted.length === 0) return failed('no-such-endpoint', { endpoint: endpointId });
      await monitor.probeNow(wanted);
      await recorder.flush();
      pipeline.update();
      return DONE;
    },
    compareMirrors: async () => {
      await lag.compareNow();
      return DONE;
    },
    pauseFor: (duration) => gaps.pauseFor(duration),
    resume: () => gaps.resume(),
    setVisible: (visible) => {
      monitor.setVisible(visible);
      if (visible) void autoSwitch.refresh();
    },
  };
}

function powerOf(parts: EngineParts): PowerService {
  return {
    set: (power) => {
      parts.conditions.power = power;
      parts.followConditions();
    },
    suspend: () => parts.gaps.suspend(),
    wake: () => parts.gaps.wake(),
  };
}

/** Begins to probe, to watch the settings and problems and to read `go`; returns what ends the watching. */
function run(ports: EnginePorts, parts: EngineParts): () => void {
  const { recorder, monitor, conditions, machine, lag, baselines, autoSwitch, publisher } = parts;
  const stopWatching = ports.settings.watch((settings) => {
    recorder.event('settings-changed', '');
    parts.configure(settings);
  });
  const stopProblems = ports.problems?.((problem) => {
    parts.notices.add(problem);
    publisher.publishSoon();
  });
  recorder.event('started', '');
  monitor.start();
  conditions.start();
  machine.look();
  lag.start(() => lagTargets(ports, parts));
  baselines.start();
  void autoSwitch.start();
  return () => {
    stopWatching();
    stopProblems?.();
  };
}

/** Mirrors and the modules that they may learn of: without `go` it is unknown which are private, so none is asked for. */
async function lagTargets({ go }: EnginePorts, { settings, notices }: EngineParts) {
  const mirrors = settings.monitor.endpoints.filter(({ kind }) => kind === 'goproxy');
  const state = await go.read();
  if (state.state !== 'found') return { mirrors, modules: [] };
  const isSecret = (path: string) => isPrivateModule(path, state.effective);
  const secret = settings.watchedModules.filter(isSecret);
  if (secret.length > 0) notices.add({ key: 'watched-module-private', params: { modules: secret.join(', ') } });
  else notices.remove('watched-module-private');
  return { mirrors, modules: settings.watchedModules.filter((path) => !isSecret(path)) };
}

/**
 * Ends the parts in the order of the data: first what starts work, then what still runs, and last what writes, so that
 * the end of every switch and probe is stored.
 */
async function close({ pool, history }: EnginePorts, parts: EngineParts): Promise<void> {
  parts.gaps.close();
  parts.pipeline.close();
  parts.publisher.close();
  const { conditions, machine, lag, baselines, drills } = parts;
  await Promise.all([conditions, machine, lag, baselines, drills].map((part) => part.close()));
  await Promise.all([parts.monitor.close(), parts.autoSwitch.close(), parts.changes.settled()]);
  parts.recorder.event('stopped', '');
  await parts.recorder.close();
  await pool.close();
  await history.store.close();
}

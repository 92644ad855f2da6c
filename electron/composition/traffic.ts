/** Traces and captures over the real system. */

import { DONE, failed, succeeded } from '../../shared/domain/outcome.ts';
import type { TrafficService } from '../engine/app-services.ts';
import { workerFile } from '../system/worker-files.ts';
import { moduleToTrace } from '../trace/run-trace.ts';
import { planRecording } from '../traffic/recording.ts';
import { TrafficSession } from '../traffic/traffic-session.ts';
import type { Core } from './core.ts';
import { lookUpIn } from './http-client.ts';

/** Traces and captures as the app makes and reads them; every recording is kept in the audit trail. */
export function openTraffic(core: Core): TrafficService {
  const { clock, runner, env, toolRoot: root } = core;
  const desk = new TrafficSession({
    clock,
    runner,
    env,
    root,
    readerFile: workerFile('traffic'),
    findGo: async () => {
      const found = await core.go.locate();
      return found.ok ? succeeded(found.go.path) : found;
    },
    onRecorded: (command, outcome) => core.audit.add(command, outcome),
  });
  const plan = (hosts: readonly string[], seconds: number) => {
    const lookUp = lookUpIn(core.settings().monitor.network, clock);
    return planRecording(hosts, seconds, { runner, root, lookUp });
  };
  return {
    trace: (text, frames) => {
      const module = moduleToTrace(text);
      if (module === null) return failed('bad-module', { module: text });
      desk.trace(module, frames);
      return DONE;
    },
    open: (path) => {
      desk.open(path);
      return DONE;
    },
    plan: async (hosts, seconds) => {
      const planned = await plan(hosts, seconds);
      return planned.ok ? { ok: true, command: planned.value.command } : planned;
    },
    record: async (hosts, seconds) => {
      const planned = await plan(hosts, seconds);
      if (!planned.ok) return planned;
      desk.record(planned.value.request, planned.value.command);
      return DONE;
    },
    cancel: () => {
      desk.cancel();
      return DONE;
    },
    save: (path) => desk.save(path),
    current: () => desk.current(),
    onChange: (listener) => desk.onChange(listener),
    close: () => desk.close(),
  };
}

/** Traces and captures over the real system. */

import { DONE, failed, succeeded } from '../../shared/domain/outcome.ts';
import type { TrafficService } from '../engine/app-services.ts';
import { AuditTrail } from '../macos/audit-trail.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { systemClock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { toolRoot } from '../system/tool-root.ts';
import { moduleToTrace } from '../trace/run-trace.ts';
import { planRecording } from '../traffic/recording.ts';
import { TrafficSession } from '../traffic/traffic-session.ts';
import { lookUpIn } from './http-client.ts';
import { dataPaths, engineSettings, goControl } from './settings.ts';

/** Traces and captures as the app makes and reads them; every recording is kept in the audit trail. */
export async function openTraffic(folder: string, env: Env): Promise<TrafficService> {
  const paths = dataPaths(folder);
  const file = await SettingsFile.open(paths.settings, systemClock);
  const go = goControl(file, folder, env);
  const audit = new AuditTrail(paths.audit, systemClock);
  const runner = new SystemProcessRunner(systemClock);
  const root = toolRoot(env);
  const desk = new TrafficSession({
    clock: systemClock,
    runner,
    env,
    root,
    findGo: async () => {
      const found = await go.locate();
      return found.ok ? succeeded(found.go.path) : found;
    },
    onRecorded: (command, outcome) => audit.add(command, outcome),
  });
  const plan = (hosts: readonly string[], seconds: number) => {
    const lookUp = lookUpIn(engineSettings(file, env).monitor.network, systemClock);
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

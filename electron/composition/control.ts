/** The control socket of an engine: for the app and for `gopherbar watch`. */
import manifest from '../../package.json' with { type: 'json' };
import type { Answer, Ask } from '../control/control-protocol.ts';
import { serveControl } from '../control/control-server.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { Core } from './core.ts';
import { dataPaths } from './data-paths.ts';

/** Answers until it is closed, before the engine is. Without a socket the command line works as without an engine. */
export async function openControl(
  core: Pick<Core, 'folder' | 'log'>,
  engine: Pick<Engine, 'snapshot' | 'profiles'>,
): Promise<{ close(): Promise<void> }> {
  const path = dataPaths(core.folder).control;
  const listening = await serveControl(path, manifest.version, (ask) => answer(ask, engine));
  if (listening.ok) return listening;
  core.log.warn('control-refused', { path, detail: listening.message });
  return { close: async () => {} };
}

async function answer(ask: Ask, engine: Pick<Engine, 'snapshot' | 'profiles'>): Promise<Answer> {
  if (ask.do === 'use') return { outcome: await engine.profiles.use(ask.profile) };
  if (ask.do === 'undo') return { outcome: await engine.profiles.undo(ask.until) };
  const { endpoints, notices, verdict, schedule, go } = engine.snapshot();
  // Of `go` its state alone: its variables may hold passwords.
  if (ask.do === 'verdict') return { view: { verdict, endpoints, schedule, go: { state: go.state } } };
  return {
    standing: {
      endpoints: endpoints.map(({ endpoint, status, lastSample, strip, uptime24h }) => ({
        endpoint,
        status,
        lastSample,
        strip,
        uptime24h,
      })),
      notices,
    },
  };
}

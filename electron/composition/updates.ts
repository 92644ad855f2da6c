/** Updates of the app as the settings want them, from servers that Gopherbar's own HTTP client has probed. */
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { UpdateService } from '../engine/app-services.ts';
import type { Engine } from '../engine/engine-api.ts';
import { type FeedReading, feedUrl, judgeResponse, MAX_FEED_BYTES } from '../updates/feed.ts';
import { UpdateDesk } from '../updates/update-desk.ts';
import type { Updater } from '../updates/updater.ts';
import type { Core } from './core.ts';
import { openHttpClient } from './http-client.ts';

/** The updater of the app, and the way its downloads take. */
export interface AppUpdates extends Updater {
  /** URL of the forward proxy that the system's settings name for a URL; null = none. */
  forwardProxyFor(url: string): Promise<string | null>;
}

/** Checks until it is closed, while the settings want it. */
export function openUpdates(
  core: Core,
  engine: Pick<Engine, 'snapshot' | 'subscribe'>,
  updater: AppUpdates,
): UpdateService {
  const desk = new UpdateDesk({
    clock: core.clock,
    log: core.log,
    updater,
    choices: () => core.file.settings.updates,
    isMetered: () => engine.snapshot().network?.metered === true,
    read: (base, signal) => readFeed(base, core, updater, signal),
    redact: redactUrl,
  });
  const stop = engine.subscribe(() => desk.follow());
  return {
    state: () => desk.state(),
    onChange: (listener) => desk.onChange(listener),
    check: () => desk.check(),
    install: () => desk.install(),
    close: () => {
      stop();
      return desk.close();
    },
  };
}

/** Over the resolver, roots and limits of the settings, through the forward proxy that the download would take. */
async function readFeed(base: string, core: Core, updater: AppUpdates, signal: AbortSignal): Promise<FeedReading> {
  const url = feedUrl(base, process.platform, process.arch);
  const { network, limits } = core.settings().monitor;
  const forwardProxy = (await updater.forwardProxyFor(url)) ?? undefined;
  const client = openHttpClient({ ...network, forwardProxy }, limits, core.clock);
  try {
    const result = await client.fetch({ url, maxBytes: MAX_FEED_BYTES, signal });
    if (result.outcome === 'ok') return judgeResponse(url, result.answer.status, result.answer.body.toString('utf8'));
    if (result.outcome === 'cancelled') return { ok: false, failure: 'unreachable', cause: null, detail: 'cancelled' };
    const { cause, message } = result.failure;
    return { ok: false, failure: 'unreachable', cause, detail: message };
  } finally {
    await client.close();
  }
}

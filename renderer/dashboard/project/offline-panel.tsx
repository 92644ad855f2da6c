/** Whether the project builds without a network, and the button that makes it so. */
import { useEffect, useState } from 'react';
import type { OfflineReadiness, PrefetchProgress } from '../../../shared/domain/gateway.ts';
import { formatBytes } from '../../../shared/messages/gateway-text.ts';
import type { Translate } from '../../../shared/messages/messages.ts';
import { useGateway } from '../../common/use-gateway.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

const SHOWN = 8;

/** `folder` is the chosen one: another one is another question. */
export function OfflinePanel({ folder }: { readonly folder: string }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const goTo = useDashboard((state) => state.goTo);
  const gateway = useGateway();
  const [readiness, setReadiness] = useState<OfflineReadiness | null>(null);
  const isRunning = gateway?.phase === 'running';
  const progress = gateway?.prefetch ?? null;
  const files = gateway?.figures.files ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the cache has changed
  useEffect(() => {
    void send('prefetch.get', null).then((got) => setReadiness(got.ok ? got.value : null));
  }, [send, folder, files]);
  if (readiness === null) return null;
  const { missing } = readiness;
  const fetchAll = async () => {
    const got = await send('prefetch.start', null);
    if (got.ok) setReadiness(got.value);
  };
  return (
    <section className="panel" data-testid="offline">
      <header className="panel-head">
        <h2 className={missing.length === 0 ? 'good' : 'warn'} data-testid="offline-badge">
          {missing.length === 0
            ? t('preflight.offline-yes')
            : t('preflight.offline-missing', { count: missing.length })}
        </h2>
        {progress !== null && (
          <button
            type="button"
            className="button"
            data-testid="prefetch-cancel"
            onClick={() => void send('prefetch.cancel', null)}
          >
            {t('preflight.cancel')}
          </button>
        )}
        {missing.length > 0 && isRunning && (
          <button
            type="button"
            className="button primary"
            disabled={progress !== null}
            data-testid="prefetch"
            onClick={() => void fetchAll()}
          >
            {progress === null ? t('preflight.fetch-all') : fetchingText(progress, t)}
          </button>
        )}
        {missing.length > 0 && !isRunning && (
          <button type="button" className="button" onClick={() => goTo('gateway')}>
            {t('dashboard.page-gateway')}
          </button>
        )}
      </header>
      <p className="note">
        {missing.length > 0 && !isRunning ? t('preflight.gateway-off') : t('preflight.offline-what')}
      </p>
      {progress !== null && (
        <>
          <progress
            className="thin"
            // Before the sizes are known it only shows that something happens.
            value={progress.total === 0 ? undefined : progress.received}
            max={Math.max(1, progress.total)}
            aria-label={t('preflight.fetch-all')}
          />
          <p className="note num" data-testid="prefetch-files">
            {t('preflight.fetching-files', { ...progress })}
          </p>
        </>
      )}
      {missing.length > 0 && (
        <p className="mono wrap dim">
          {missing.slice(0, SHOWN).join(' · ')}
          {missing.length > SHOWN && ` · +${missing.length - SHOWN}`}
        </p>
      )}
    </section>
  );
}

function fetchingText(progress: PrefetchProgress, t: Translate): string {
  const { received, total, done } = progress;
  if (total > 0) return t('preflight.fetching', { received: formatBytes(received), total: formatBytes(total) });
  return done === 0 ? t('preflight.fetching-sizes') : t('preflight.fetching-files', { ...progress });
}

/** The gateway: on or off, whether go uses it, what it survived, what it fetches now, and its cache. */
import { useEffect } from 'react';
import type { GatewayState } from '../../../shared/domain/gateway.ts';
import { formatBytes } from '../../../shared/messages/gateway-text.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { EmptyState } from '../../common/empty-state.tsx';
import { ManagedMark, useManaged } from '../../common/managed.tsx';
import { StatusShape } from '../../common/shapes.tsx';
import { useGateway, useGatewayStore } from '../../common/use-gateway.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { CachePanel } from './cache-panel.tsx';
import { IncidentPanel } from './incident-panel.tsx';
import { RequestPanel } from './request-panel.tsx';
import { TransferPanel } from './transfer-panel.tsx';
import { UpstreamPanel } from './upstream-panel.tsx';

export function GatewayView() {
  const t = useSnapshot((state) => state.t);
  const gateway = useGateway();
  const { failed, load } = useGatewayStore((state) => state);
  useEffect(() => void load(), [load]);
  if (gateway === null) {
    return (
      <div className="pages gateway" data-testid="gateway-page">
        {failed ? (
          <EmptyState isFault text={t('gateway.unread')} action={t('dashboard.try-again')} onAct={() => void load()} />
        ) : (
          <p className="empty">{t('gateway.what')}</p>
        )}
      </div>
    );
  }
  const isOn = gateway.phase !== 'off';
  return (
    <div className="pages gateway" data-testid="gateway-page">
      <Head gateway={gateway} />
      {gateway.problem !== null && <Trouble gateway={gateway} />}
      {isOn && <Figures gateway={gateway} />}
      {gateway.transfers.length > 0 && <TransferPanel transfers={gateway.transfers} />}
      {gateway.incidents.length > 0 && <IncidentPanel incidents={gateway.incidents} />}
      {isOn && <UpstreamPanel upstreams={gateway.upstreams} isRunning={gateway.phase === 'running'} />}
      {isOn && <RequestPanel requests={gateway.requests} />}
      {isOn && <CachePanel gateway={gateway} />}
    </div>
  );
}

const SHAPES = { off: 'paused', starting: 'unknown', running: 'up', 'port-taken': 'down', failed: 'down' } as const;

function Head({ gateway: { phase, address } }: { readonly gateway: GatewayState }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const showSettings = useDashboard((state) => state.showSettings);
  const isOn = phase !== 'off';
  const isManaged = useManaged('gateway.enabled');
  return (
    <section className="panel gateway-head">
      <header className="panel-head">
        <StatusShape shape={SHAPES[phase]} size={13} />
        <h2 aria-live="polite" data-testid="gateway-phase">
          {t(`gateway.phase-${phase}`, { address: address ?? '' })}
        </h2>
        <button type="button" className="button" onClick={() => showSettings('gateway')}>
          {t('gateway.settings')}
        </button>
        <button
          type="button"
          className={isOn ? 'button' : 'button primary'}
          data-testid="gateway-toggle"
          disabled={isManaged}
          onClick={() => void send('gateway.enable', { enabled: !isOn })}
        >
          {isOn ? t('gateway.turn-off') : t('gateway.turn-on')}
        </button>
      </header>
      {isManaged && <ManagedMark />}
      <p className="note">{isOn ? t('gateway.docs') : t('gateway.what')}</p>
      <InUse phase={phase} />
    </section>
  );
}

/** Whether `go` points at it, and the step that makes it so or takes it back. */
function InUse({ phase }: Pick<GatewayState, 'phase'>) {
  const t = useSnapshot((state) => state.t);
  const profile = useSnapshot(({ snapshot }) => snapshot.profiles.find((one) => one.profile.id === 'gateway'));
  const switching = useSnapshot((state) => state.snapshot.switching);
  const canUndo = useSnapshot(({ snapshot }) => snapshot.undo?.to === 'gateway');
  const { switchTo, undo } = useSnapshot((state) => state);
  if (profile === undefined) return null;
  if (profile.active) {
    return (
      <p className={phase === 'off' ? 'in-use warn' : 'in-use good'} data-testid="gateway-in-use">
        <span>{phase === 'off' ? t('gateway.used-but-off') : t('gateway.used')}</span>
        {canUndo && (
          <button type="button" className="button" disabled={switching} onClick={() => void undo()}>
            {t('settings.undo')}
          </button>
        )}
      </p>
    );
  }
  return (
    <p className="in-use" data-testid="gateway-in-use">
      <span className="dim">{t('gateway.unused')}</span>
      <button
        type="button"
        className="button primary"
        disabled={switching}
        data-testid="gateway-use"
        onClick={() => void switchTo('gateway')}
      >
        {t('gateway.use')}
      </button>
    </p>
  );
}

function Trouble({ gateway: { problem, otherPort } }: { readonly gateway: GatewayState }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  if (problem === null) return null;
  return (
    <p className="notice problem" role="alert" data-testid="gateway-problem">
      <span>{problemText(t, problem)}</span>
      {otherPort !== null && (
        <button
          type="button"
          className="button"
          data-testid="gateway-other-port"
          onClick={() => void send('gateway.use-other-port', null)}
        >
          {t('gateway.other-port', { port: String(otherPort) })}
        </button>
      )}
    </p>
  );
}

function Figures({ gateway: { figures, restarts } }: { readonly gateway: GatewayState }) {
  const t = useSnapshot((state) => state.t);
  const values = [
    { label: t('gateway.requests'), value: figures.requests.toLocaleString('en') },
    { label: t('gateway.from-cache'), value: formatBytes(figures.cacheBytes) },
    { label: t('gateway.from-upstreams'), value: formatBytes(figures.upstreamBytes) },
    { label: t('gateway.hedges'), value: figures.hedges.toLocaleString('en') },
    ...(figures.incidents === 0 ? [] : [{ label: t('gateway.refused'), value: String(figures.incidents) }]),
    ...(restarts === 0 ? [] : [{ label: t('gateway.restarts'), value: String(restarts) }]),
  ];
  return (
    <section data-testid="gateway-figures">
      <p className="saved num" title={t('gateway.saved-hint')} data-testid="gateway-saved">
        {t('gateway.saved-week', { count: figures.savedThisWeek })}
      </p>
      <dl className="stats num">
        {values.map(({ label, value }) => (
          <div key={label} className="stat">
            <dt className="clip" title={label}>
              {label}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

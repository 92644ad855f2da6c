/**
 * The top of the popover, of the same height in every state, so that no row below moves under the pointer: one sentence,
 * the layers of the probe it is about, and what to do.
 */

import type { Verdict } from '../../shared/domain/verdict.ts';
import { LayerPath } from '../common/layer-path-view.tsx';
import { HeadGlyph } from '../common/shapes.tsx';
import { statusEndpoint, statusText } from '../common/status-text.ts';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { StatusActions } from './status-actions.tsx';

export function StatusHeader() {
  const snapshot = useSnapshot((state) => state.snapshot);
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const { severity, title, lines } = statusText(snapshot, t, language, useNow());
  const { alert, verdict, demo } = snapshot;
  const endpoint = statusEndpoint(snapshot);
  const practised = alert?.drill === true;
  return (
    <header
      className={`status ${practised ? 'practice' : severity}`}
      data-testid={alert === null ? undefined : 'alert'}
    >
      <div className="status-strip" data-testid="head" data-severity={verdict.severity}>
        <HeadGlyph severity={severity} />
        <h1 className="clip" aria-live={alert === null ? 'polite' : 'assertive'} title={title}>
          {title}
        </h1>
        {practised && <b className="drill">{t('popover.drill')}</b>}
        {demo && (
          <span className="demo" data-testid="demo" title={t('popover.demo')}>
            {t('popover.demo-short')}
          </span>
        )}
        <p className="num" title={lines.join('\n')}>
          {lines.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </p>
      </div>
      <LayerPath
        result={isAboutProbes(verdict) ? (endpoint?.last ?? null) : null}
        probing={endpoint?.probing === true}
      />
      <StatusActions alert={alert} />
    </header>
  );
}

/** Offline or without a working `go`, the last probe does not show what is wrong. */
function isAboutProbes({ severity, name }: Verdict): boolean {
  return severity !== 'offline' && name !== 'go-missing';
}

/** Traffic: trace a download live, open a saved trace or a capture, record one; and what it shows. */
import { type FormEvent, useState } from 'react';
import type { Traffic } from '../../../shared/domain/traffic.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { CapturePanel } from './capture-panel.tsx';
import { RecordForm } from './record-form.tsx';
import { TracePanel } from './trace-panel.tsx';
import { useTraffic } from './use-traffic.ts';

export function TrafficView() {
  const t = useSnapshot((state) => state.t);
  const current = useTraffic();
  const running = current !== null && current.endedAt === null;
  return (
    <div className="pages traffic" data-testid="traffic-page">
      <TraceForm running={running} />
      {current === null ? <p className="note">{t('traffic.what')}</p> : <TrafficPanel traffic={current} />}
      <RecordForm running={running} />
    </div>
  );
}

function TraceForm({ running }: { readonly running: boolean }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [module, setModule] = useState('');
  const [frames, setFrames] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send('traffic.trace', { module: module.trim(), frames });
  };
  return (
    <form className="panel-head" onSubmit={submit}>
      <input
        type="text"
        className="mono module"
        value={module}
        spellCheck={false}
        placeholder={t('traffic.module')}
        aria-label={t('traffic.module')}
        data-testid="traffic-module"
        onChange={(event) => setModule(event.target.value)}
      />
      <label className="check dim">
        <input type="checkbox" checked={frames} onChange={(event) => setFrames(event.target.checked)} />
        {t('traffic.frames')}
      </label>
      {running ? (
        <button
          type="button"
          className="button"
          data-testid="traffic-cancel"
          onClick={() => void send('traffic.cancel', null)}
        >
          {t('traffic.cancel')}
        </button>
      ) : (
        <button type="submit" className="button primary" disabled={module.trim() === ''} data-testid="traffic-trace">
          {t('traffic.trace')}
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={running}
        data-testid="traffic-open"
        onClick={() => void send('traffic.open', null)}
      >
        {t('traffic.open')}
      </button>
    </form>
  );
}

function TrafficPanel({ traffic }: { readonly traffic: Traffic }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const { source, trace, capture, problem, canSave, cancelled, endedAt } = traffic;
  return (
    <>
      <section className="panel-head" aria-live="polite" data-testid="traffic-head">
        <span className="mono dim grow">
          {endedAt === null ? <Running traffic={traffic} /> : source}
          {cancelled && ` · ${t('traffic.stopped')}`}
        </span>
        {canSave && (
          <button
            type="button"
            className="button"
            data-testid="traffic-save"
            onClick={() => void send('traffic.save', null)}
          >
            {t('traffic.save')}
          </button>
        )}
      </section>
      {problem !== null && (
        <p className="notice problem" role="alert" data-testid="traffic-problem">
          {problemText(t, problem)}
        </p>
      )}
      {trace !== null && <TracePanel trace={trace} lines={traffic.lines} running={endedAt === null} />}
      {capture !== null && <CapturePanel capture={capture} />}
    </>
  );
}

/** What goes on, with the share of a file that is read. */
function Running({ traffic: { kind, source, progress } }: { readonly traffic: Traffic }) {
  const t = useSnapshot((state) => state.t);
  if (kind === 'trace') return t('traffic.running', { source });
  return (
    <>
      {t('traffic.reading', { source })}{' '}
      {progress !== null && <progress value={progress} max={1} aria-label={t('traffic.reading', { source })} />}
    </>
  );
}

/** Practise an outage: start a drill, follow it, end it, and see what earlier ones measured. */
import { formatDuration } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { DrillTable } from './drill-table.tsx';

export function DrillPanel() {
  const t = useSnapshot((state) => state.t);
  return (
    <section className="panel" aria-labelledby="drill-title">
      <div className="panel-head">
        <h2 id="drill-title">{t('dashboard.drill')}</h2>
        <DrillButton />
      </div>
      <p className="note">{t('dashboard.drill-what')}</p>
      <DrillProgress />
      <DrillTable />
    </section>
  );
}

/** A drill can start only while everything works: an outage cannot be practised during one. */
function DrillButton() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const running = useSnapshot((state) => state.snapshot.drill !== null);
  const healthy = useSnapshot((state) => state.snapshot.verdict.severity === 'healthy');
  const [request, label] = running
    ? (['drill.cancel', t('dashboard.drill-cancel')] as const)
    : (['drill.start', t('dashboard.drill-start')] as const);
  return (
    <button
      type="button"
      className="button"
      data-testid={running ? 'drill-cancel' : 'drill-start'}
      disabled={!running && !healthy}
      onClick={() => void send(request, null)}
    >
      {label}
    </button>
  );
}

function DrillProgress() {
  const t = useSnapshot((state) => state.t);
  const drill = useSnapshot((state) => state.snapshot.drill);
  const now = useNow();
  if (drill === null) return null;
  return (
    <p role="status" className="num" data-testid="drill-step">
      <b className="drill">{t('popover.drill')}</b> {t(`dashboard.drill-${drill.step}`)} ·{' '}
      {formatDuration(now - drill.startedAt, t)}
    </p>
  );
}

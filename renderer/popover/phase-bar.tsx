/** Where the last probe spent its time; the failing phase stands in red at its end. */
import type { FailedResult, OkResult, Phase } from '../../shared/domain/result.ts';
import { PHASES } from '../../shared/domain/result.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

export function PhaseBar({ result }: { readonly result: OkResult | FailedResult }) {
  const t = useSnapshot((state) => state.t);
  const failed = result.outcome === 'failed' ? result.failure.phase : null;
  const shown = PHASES.filter((phase) => result.phases[phase] !== undefined || phase === failed);
  const tone = (phase: Phase) => (phase === failed ? 'phase-failed' : `phase-${phase}`);
  return (
    <div className="phases" data-testid="phases">
      <div className="track" aria-hidden="true">
        {shown.map((phase) => (
          <i
            key={phase}
            className={tone(phase)}
            style={{ flexGrow: Math.max(result.phases[phase] ?? 0, result.totalMs / 60) }}
          />
        ))}
      </div>
      <ul className="legend num">
        {shown.map((phase) => (
          <li key={phase} className={phase === failed ? 'bad' : undefined}>
            <span className={`swatch ${tone(phase)}`} />
            {t(`phase.${phase}`)}
            <b>{result.phases[phase] === undefined ? '×' : formatLatency(result.phases[phase])}</b>
          </li>
        ))}
        <li>
          <span className="swatch" />
          {t('popover.total')}
          <b>{formatLatency(result.totalMs)}</b>
        </li>
      </ul>
    </div>
  );
}

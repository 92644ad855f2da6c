/** The report, shown in full before anything is copied: nothing private is in it. */
import { useState } from 'react';
import { CopyButton } from '../../common/copy-button.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function ReportPanel({ startedAt }: { readonly startedAt: number }) {
  const t = useSnapshot((state) => state.t);
  const query = useSnapshot((state) => state.query);
  const [shown, setShown] = useState<{ readonly of: number; readonly text: string } | null>(null);
  const show = async (format: 'md' | 'json') => {
    const text = await query('doctor.report', { format });
    setShown(text === null ? null : { of: startedAt, text });
  };
  const text = shown?.of === startedAt ? shown.text : null;
  return (
    <div className="report">
      <div className="actions">
        <span className="dim">{t('doctor.report')}</span>
        <button type="button" className="button" data-testid="report-md" onClick={() => void show('md')}>
          {t('doctor.as-md')}
        </button>
        <button type="button" className="button" onClick={() => void show('json')}>
          {t('doctor.as-json')}
        </button>
        {text !== null && (
          <>
            <CopyButton testId="report-copy" text={text} label={t('doctor.copy-report')} />
            <button type="button" className="button" onClick={() => setShown(null)}>
              {t('doctor.hide-report')}
            </button>
          </>
        )}
      </div>
      {text !== null && (
        // A long text is scrolled by keys as well.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be reachable by keyboard
        <pre className="mono" tabIndex={0} data-testid="report-text">
          {text}
        </pre>
      )}
    </div>
  );
}

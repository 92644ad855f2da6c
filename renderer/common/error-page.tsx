/** What takes the place of a page that failed. */
import { useState } from 'react';
import { redactUrls } from '../../shared/domain/goproxy-list.ts';
import { useSnapshot } from './use-snapshot.ts';

interface ErrorPageProps {
  readonly page: string;
  readonly error: Error;
  readonly onReload: () => void;
}

export function ErrorPage({ page, error, onReload }: ErrorPageProps) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [copied, setCopied] = useState(false);
  const copy = async () => setCopied((await send('clipboard.write', { text: details(page, error) })).ok);
  return (
    <section className="error-page" role="alert" data-testid="error-page">
      <h1>{t('page-error.title')}</h1>
      <p className="dim">{t('page-error.what')}</p>
      <pre className="mono">{redactUrls(error.message)}</pre>
      <div className="actions">
        <button type="button" className="button primary" data-testid="error-reload" onClick={onReload}>
          {t('page-error.reload')}
        </button>
        <button type="button" className="button" data-testid="error-copy" onClick={() => void copy()}>
          {copied ? t('popover.copied') : t('page-error.copy')}
        </button>
      </div>
    </section>
  );
}

/** For a report: the page, the error and its stack, without credentials in URLs. */
function details(page: string, error: Error): string {
  return redactUrls(`Gopherbar: ${page}\n${navigator.userAgent}\n\n${error.stack ?? error.message}\n`);
}

/** Copies a text, and says so on the button itself for a moment. */
import { useEffect, useState } from 'react';
import { useSnapshot } from './use-snapshot.ts';

/** Long enough to be read, ms. */
const SAID_MS = 2_000;

interface Props {
  readonly text: string;
  /** What the button says before it is pressed. */
  readonly label: string;
  /** What is copied, where it stands nowhere else. */
  readonly title?: string;
  readonly testId?: string;
}

export function CopyButton({ text, label, title, testId = 'copy' }: Props) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), SAID_MS);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const copy = async () => setCopied((await send('clipboard.write', { text })).ok);
  return (
    <button type="button" className="button" title={title} data-testid={testId} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t('popover.copied') : label}</span>
    </button>
  );
}

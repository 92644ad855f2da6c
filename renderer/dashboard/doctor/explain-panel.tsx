/** A pasted output of go or git, or a dropped log file, in words. */
import { type DragEvent, useRef, useState } from 'react';
import { MAX_EXPLAINED } from '../../../shared/contract/channels.ts';
import type { ExplainedLine } from '../../../shared/domain/doctor.ts';
import { causeMeaning, causeShort } from '../../../shared/messages/messages.ts';
import { remedyText } from '../../../shared/messages/remedies.ts';
import { Remedy } from '../../common/remedy.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

type Problem = 'explain-too-long' | 'explain-unreadable' | 'explain-failed';

export function ExplainPanel() {
  const t = useSnapshot((state) => state.t);
  const query = useSnapshot((state) => state.query);
  const [lines, setLines] = useState<readonly ExplainedLine[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [text, setText] = useState('');
  const latest = useRef('');
  const explain = async (pasted: string) => {
    setText(pasted);
    latest.current = pasted;
    setProblem(null);
    if (pasted.trim() === '') return setLines(null);
    if (pasted.length > MAX_EXPLAINED) return setProblem('explain-too-long');
    const found = await query('explain.text', { text: pasted }).catch(() => null);
    // The answer for a longer text may come after that for the text that replaced it.
    if (latest.current !== pasted) return;
    setLines(found);
    if (found === null) setProblem('explain-failed');
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file === undefined) return;
    if (file.size > MAX_EXPLAINED) setProblem('explain-too-long');
    else file.text().then(explain, () => setProblem('explain-unreadable'));
  };
  return (
    <section className="panel explain">
      <h2 id="explain-title">{t('doctor.explain-title')}</h2>
      <textarea
        className="mono"
        rows={3}
        spellCheck={false}
        value={text}
        placeholder={t('doctor.explain-hint')}
        aria-labelledby="explain-title"
        data-testid="explain-text"
        onChange={(event) => void explain(event.target.value)}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      />
      {problem !== null && (
        <p className="notice problem" role="alert">
          {t(`doctor.${problem}`, { mb: MAX_EXPLAINED / 1_000_000 })}
        </p>
      )}
      {lines?.length === 0 && problem === null && <p className="note">{t('doctor.explain-nothing')}</p>}
      <ul className="findings" data-testid="explained" aria-live="polite">
        {lines?.map((one) => (
          <Explained key={`${one.cause} ${one.host} ${one.line}`} line={one} />
        ))}
      </ul>
    </section>
  );
}

function Explained({ line: explained }: { readonly line: ExplainedLine }) {
  const { cause, underlying, host, module, confidence, retryable, line } = explained;
  const t = useSnapshot((state) => state.t);
  const about = [host, module].filter((one) => one !== null).join(' · ');
  return (
    <li data-testid={`explained-${cause}`}>
      <p>
        <b>{causeShort(t, cause)}</b>
        {underlying !== null && ` (${causeShort(t, underlying)})`}
        {about !== '' && ` — ${about}`}
      </p>
      <p>{causeMeaning(t, cause)}</p>
      <Remedy text={remedyText(t, explained)} />
      <p className="dim">
        {t('doctor.confidence', { percent: Math.round(confidence * 100) })} ·{' '}
        {t(retryable ? 'doctor.retry' : 'doctor.no-retry')} · {cause}
      </p>
      <pre className="mono original">{line}</pre>
    </li>
  );
}

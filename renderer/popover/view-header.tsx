/** One sentence first: how things are, and since when. */
import { verdictText } from '../../shared/messages/verdict-text.ts';
import { HeadGlyph } from '../common/shapes.tsx';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

export function ViewHeader() {
  const snapshot = useSnapshot((state) => state.snapshot);
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const send = useSnapshot((state) => state.send);
  const { title, detail } = verdictText(snapshot, t, language, useNow());
  const paused = snapshot.schedule.paused !== null;
  return (
    <header className="head" data-testid="head" data-severity={snapshot.verdict.severity}>
      <HeadGlyph severity={snapshot.verdict.severity} />
      <h1 aria-live="polite">{title}</h1>
      {paused ? (
        <button type="button" className="button" onClick={() => void send('monitor.resume', null)}>
          {t('popover.resume')}
        </button>
      ) : (
        <span />
      )}
      <p className="num clip">{detail}</p>
    </header>
  );
}

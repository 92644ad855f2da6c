/** One sentence first: how things are, and since when. */
import { verdictText } from '../../shared/messages/verdict-text.ts';
import { HeadGlyph } from '../common/shapes.tsx';
import { useNow, usePopover } from './use-popover.ts';

export function ViewHeader() {
  const snapshot = usePopover((state) => state.snapshot);
  const t = usePopover((state) => state.t);
  const language = usePopover((state) => state.language);
  const send = usePopover((state) => state.send);
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

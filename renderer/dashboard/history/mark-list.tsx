/** Everything that is marked in a chart as a list, newest first: the legend of its pictures, and for those who cannot see it. */
import type { Translate } from '../../../shared/messages/messages.ts';
import { MarkPicture } from './mark-glyph.tsx';
import type { TimelineMark } from './timeline-marks.ts';

interface Props {
  readonly marks: readonly TimelineMark[];
  readonly t: Translate;
}

export function MarkList({ marks, t }: Props) {
  if (marks.length === 0) return null;
  return (
    <details className="mark-list" data-testid="mark-list">
      <summary>{t('dashboard.marks', { count: marks.length })}</summary>
      <ul>
        {marks.toReversed().map((mark) => (
          <li key={mark.key}>
            <MarkPicture mark={mark} />
            <span>{mark.title}</span>
            <span className="num dim">{mark.detail}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

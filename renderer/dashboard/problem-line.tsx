/** The last command that was refused, on whatever page it was given. */
import { problemText } from '../../shared/messages/messages.ts';
import { IconButton } from '../common/icon-button.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';

export function ProblemLine() {
  const t = useSnapshot((state) => state.t);
  const notice = useSnapshot((state) => state.notice);
  const dismiss = useSnapshot((state) => state.dismissNotice);
  if (notice?.kind !== 'problem') return null;
  return (
    <div className="notice problem" data-testid="problem">
      <span role="alert">{problemText(t, notice.problem)}</span>
      <IconButton icon="close" className="small" label={t('popover.dismiss')} onClick={dismiss} />
    </div>
  );
}

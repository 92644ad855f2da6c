/** What to do about a failure, with a button that copies its command, or else the advice. */
import { remedyCommand } from '../../shared/messages/remedies.ts';
import { CopyButton } from './copy-button.tsx';
import { useSnapshot } from './use-snapshot.ts';

export function Remedy({ text }: { readonly text: string }) {
  const t = useSnapshot((state) => state.t);
  const command = remedyCommand(text);
  return (
    <span className="remedy">
      <span>{text}</span>
      <CopyButton text={command ?? text} label={command === null ? t('doctor.copy') : t('lint.copy')} />
    </span>
  );
}

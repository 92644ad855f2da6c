/** What to do about a failure, its command on a line of its own, with a button that copies it, or else the advice. */
import { remedyCommand } from '../../shared/messages/remedies.ts';
import { CopyButton } from './copy-button.tsx';
import { useSnapshot } from './use-snapshot.ts';

export function Remedy({ text }: { readonly text: string }) {
  const t = useSnapshot((state) => state.t);
  const command = remedyCommand(text);
  const [before = text, after = ''] = command === null ? [] : text.split(command);
  return (
    <span className="remedy">
      <span>
        {before}
        {command !== null && (
          <>
            <code className="mono">{command}</code>
            {/* The sentence ended with the command. */}
            {after.replace(/^[.。]\s*/, '')}
          </>
        )}
      </span>
      <CopyButton text={command ?? text} label={command === null ? t('doctor.copy') : t('lint.copy')} />
    </span>
  );
}

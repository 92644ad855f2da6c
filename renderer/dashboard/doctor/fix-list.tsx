/** What helps, the smallest first: exactly what would be run stands above the button that runs it. */
import { useState } from 'react';
import type { Fix } from '../../../shared/domain/doctor.ts';
import { fixText } from '../../../shared/messages/doctor-texts.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function FixList({ fixes }: { readonly fixes: readonly Fix[] }) {
  const t = useSnapshot((state) => state.t);
  return (
    <>
      <h3>{t('doctor.fixes')}</h3>
      <ol className="fixes" data-testid="doctor-fixes">
        {fixes.map((fix, i) => (
          <FixRow key={`${fix.key} ${JSON.stringify(fix.params)}`} fix={fix} first={i === 0} />
        ))}
      </ol>
    </>
  );
}

function FixRow({ fix, first }: { readonly fix: Fix; readonly first: boolean }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const switching = useSnapshot((state) => state.snapshot.switching);
  const send = useSnapshot((state) => state.send);
  const [applied, setApplied] = useState(false);
  const { key, commands, profileId, settings } = fix;
  const apply = async () => {
    const done =
      profileId === undefined
        ? settings === undefined
          ? null
          : await send('doctor.fix', { key })
        : await send('profile.use', { profileId });
    setApplied(done?.ok === true);
  };
  return (
    <li data-testid={`fix-${key}`}>
      <div className="words">
        <p>{fixText(t, language, fix)}</p>
        {commands.map((command) => (
          <code key={command} className="mono">
            {command}
          </code>
        ))}
      </div>
      <div className="actions">
        {applied && (
          <span className="good" role="status">
            {t('doctor.applied')}
          </span>
        )}
        {commands.length > 0 && <CopyButton text={commands.join('\n')} label={t('doctor.copy')} />}
        {(profileId !== undefined || settings !== undefined) && (
          <button
            type="button"
            className={first ? 'button primary' : 'button'}
            disabled={switching || applied}
            data-testid="fix-apply"
            onClick={() => void apply()}
          >
            {t('doctor.apply')}
          </button>
        )}
        {key === 'doh-profile' && (
          <button type="button" className="button" onClick={() => void send('doctor.doh', null)}>
            {t('doctor.save-doh')}
          </button>
        )}
      </div>
    </li>
  );
}

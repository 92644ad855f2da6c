import { useState } from 'react';
import { useSnapshot } from '../../common/use-snapshot.ts';
import type { OfferedProfiles } from './profiles-state.ts';
import { useProfiles } from './use-profiles.ts';

/** A text or file with profiles; what they would weaken is shown before they are taken. */
export function ImportPanel() {
  const t = useSnapshot((state) => state.t);
  const imported = useProfiles((state) => state.imported);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const take = async (words: string) => {
    if (!(await imported(words))) return;
    setOpen(false);
    setText('');
  };
  const { offered, acceptOffered, refuseOffered } = useProfiles((state) => state);
  const accept = async () => {
    if (!(await acceptOffered())) return;
    setOpen(false);
    setText('');
  };
  return (
    <>
      <button type="button" className="button" aria-expanded={open} data-testid="import" onClick={() => setOpen(!open)}>
        {t('profiles.import')}
      </button>
      {open && (
        <div className="import">
          <label>
            {t('profiles.import-paste')}
            <textarea
              rows={5}
              value={text}
              spellCheck={false}
              data-testid="import-text"
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <label>
            {t('profiles.import-file')}
            <input
              type="file"
              accept=".json,application/json"
              onChange={async (event) => {
                const file = event.target.files?.[0];
                if (file !== undefined) await take(await file.text());
              }}
            />
          </label>
          <button
            type="button"
            className="button"
            disabled={text.trim() === ''}
            data-testid="import-take"
            onClick={() => void take(text)}
          >
            {t('profiles.import-take')}
          </button>
          {offered !== null && <Offered {...offered} onAccept={() => void accept()} onRefuse={refuseOffered} />}
        </div>
      )}
    </>
  );
}

interface OfferedProps extends OfferedProfiles {
  readonly onAccept: () => void;
  readonly onRefuse: () => void;
}

function Offered({ weakenings, onAccept, onRefuse }: OfferedProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <div className="offered" role="alertdialog" aria-labelledby="offered-title" data-testid="import-offered">
      <strong id="offered-title">{t('profiles.offered-title')}</strong>
      <ul>
        {weakenings.map(({ key, value }) => (
          <li key={`${key} ${value}`}>
            {t(`profiles.weakens-${key}`)} <code>{value}</code>
          </li>
        ))}
      </ul>
      <div className="actions">
        <button type="button" className="button" data-testid="import-refuse" onClick={onRefuse}>
          {t('profiles.offered-refuse')}
        </button>
        <button type="button" className="button danger" data-testid="import-accept" onClick={onAccept}>
          {t('profiles.offered-accept')}
        </button>
      </div>
    </div>
  );
}

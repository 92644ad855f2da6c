/** The policy page's header: when macOS was read, and reading again, with a password if the person agrees. */
import { useState } from 'react';
import type { PolicyReading } from '../../../shared/domain/policy.ts';
import { formatAge } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

interface PolicyHeaderProps {
  readonly last: PolicyReading | null;
  readonly reading: boolean;
  readonly onRead: (privileged: boolean) => Promise<void>;
}

export function PolicyHeader({ last, reading, onRead }: PolicyHeaderProps) {
  const t = useSnapshot((state) => state.t);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <header className="panel-head">
        <ReadingAge last={last} />
        {last?.available !== false && (
          <>
            <button type="button" className="button" disabled={reading} onClick={() => void onRead(false)}>
              {reading ? t('policy.reading') : t('policy.read')}
            </button>
            <button
              type="button"
              className="button"
              disabled={reading}
              data-testid="policy-privileged"
              onClick={() => setAsking(true)}
            >
              {t('policy.read-privileged')}
            </button>
          </>
        )}
      </header>
      {asking && (
        <PasswordPlan
          onAnswer={(agreed) => {
            setAsking(false);
            if (agreed) void onRead(true);
          }}
        />
      )}
      {last?.available === true && last.prompt !== null && last.prompt !== 'done' && (
        <p className="notice problem" role="alert">
          {t(`policy.prompt-${last.prompt}`)}
        </p>
      )}
    </>
  );
}

function ReadingAge({ last }: { readonly last: PolicyReading | null }) {
  const t = useSnapshot((state) => state.t);
  const now = useNow();
  return (
    <span className="dim grow">
      {last?.available === true && t('policy.read-at', { age: formatAge(last.at, now, t) })}
      {last?.macos != null && ` · ${t('policy.macos', { version: last.macos })}`}
    </span>
  );
}

/** What the password is for is shown before macOS asks for it. */
function PasswordPlan({ onAnswer }: { readonly onAnswer: (agreed: boolean) => void }) {
  const t = useSnapshot((state) => state.t);
  return (
    <section className="panel plan" role="alertdialog" aria-label={t('policy.plan-title')} data-testid="policy-plan">
      <p>{t('policy.plan')}</p>
      <div className="actions">
        <button type="button" className="button primary" data-testid="policy-go" onClick={() => onAnswer(true)}>
          {t('policy.continue')}
        </button>
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {t('doctor.cancel')}
        </button>
      </div>
    </section>
  );
}

/** Failover: off until it is switched on, and then only to the profiles that are allowed. */
import { inLanguage } from '../../../shared/messages/messages.ts';
import { Managed, ManagedMark, useManaged } from '../../common/managed.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function FailoverPanel() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const { profiles, preferences, failedOverFrom } = useSnapshot((state) => state.snapshot);
  const send = useSnapshot((state) => state.send);
  const { failover, failoverProfiles } = preferences;
  const isManaged = useManaged('preferences.failover');
  const left = profiles.find(({ profile }) => profile.id === failedOverFrom);
  const allow = (id: string) => {
    const next = failoverProfiles.includes(id)
      ? failoverProfiles.filter((one) => one !== id)
      : [...failoverProfiles, id];
    void send('preferences.set', { failoverProfiles: next });
  };
  return (
    <section className="panel" aria-labelledby="failover-title" data-testid="failover">
      <div className="panel-head">
        <h2 id="failover-title">{t('profiles.failover')}</h2>
        <label className="check">
          <input
            type="checkbox"
            role="switch"
            aria-checked={failover}
            checked={failover}
            data-testid="failover-on"
            disabled={isManaged}
            onChange={() => void send('preferences.set', { failover: !failover })}
          />
          {t('profiles.failover-on')}
        </label>
      </div>
      {isManaged && <ManagedMark />}
      <p className="note">{t('profiles.failover-what')}</p>
      {left !== undefined && (
        <p role="status" data-testid="failed-over">
          {t('profiles.failed-over', { profile: inLanguage(left.profile.name, language) })}
        </p>
      )}
      {failover && (
        <Managed field="preferences.failoverProfiles">
          <fieldset className="allowed">
            <legend>{t('profiles.failover-allowed')}</legend>
            {profiles.map(({ profile }) => (
              <label key={profile.id} className="check">
                <input
                  type="checkbox"
                  checked={failoverProfiles.includes(profile.id)}
                  data-testid={`allow-${profile.id}`}
                  onChange={() => allow(profile.id)}
                />
                {inLanguage(profile.name, language)}
              </label>
            ))}
          </fieldset>
        </Managed>
      )}
    </section>
  );
}

/** What is wrong now, with the same buttons on every page; nothing while all is well. */
import { inLanguage } from '../../shared/messages/messages.ts';
import { HeadGlyph } from '../common/shapes.tsx';
import { statusText } from '../common/status-text.ts';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { useDashboard } from './use-dashboard.ts';

export function Banner() {
  const snapshot = useSnapshot((state) => state.snapshot);
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const { severity, title, lines } = statusText(snapshot, t, language, useNow());
  const page = useDashboard((state) => state.page);
  if (severity === 'healthy') return null;
  // The overview says it in the place of its charts.
  if (page === 'history' && snapshot.endpoints.length === 0) return null;
  const practised = snapshot.alert?.drill === true;
  return (
    <section
      className={`banner ${practised ? 'practice' : severity}`}
      aria-labelledby="banner-title"
      data-testid="banner"
      data-severity={severity}
    >
      <HeadGlyph severity={severity} />
      <div className="grow">
        <h2 id="banner-title" aria-live="polite">
          {practised && <b className="drill">{t('popover.drill')}</b>}
          {title}
        </h2>
        <p className="num">{lines.join(' · ')}</p>
      </div>
      <BannerActions />
    </section>
  );
}

function BannerActions() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const alert = useSnapshot((state) => state.snapshot.alert);
  const paused = useSnapshot((state) => state.snapshot.schedule.paused !== null);
  const goTo = useDashboard((state) => state.goTo);
  const diagnose = async () => {
    if (alert !== null) await send('doctor.start', { target: alert.endpointId, incidentId: alert.id });
    goTo('doctor');
  };
  return (
    <>
      {alert !== null && alert.remedyProfileId !== null && <RemedyButton profileId={alert.remedyProfileId} />}
      {paused && (
        <button type="button" className="button primary" onClick={() => void send('monitor.resume', null)}>
          {t('popover.resume')}
        </button>
      )}
      <button type="button" className="button" data-testid="banner-diagnose" onClick={() => void diagnose()}>
        {t('popover.diagnose')}
      </button>
    </>
  );
}

function RemedyButton({ profileId }: { readonly profileId: string }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const switching = useSnapshot((state) => state.snapshot.switching);
  const switchTo = useSnapshot((state) => state.switchTo);
  const profile = useSnapshot((state) => state.snapshot.profiles.find((one) => one.profile.id === profileId)?.profile);
  if (profile === undefined) return null;
  return (
    <button
      type="button"
      className="button primary"
      data-testid="banner-remedy"
      disabled={switching}
      onClick={() => void switchTo(profile.id)}
    >
      {switching ? t('popover.switching') : t('popover.switch-to', { profile: inLanguage(profile.name, language) })}
    </button>
  );
}

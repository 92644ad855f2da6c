/** The first start: what is contacted, which go is used, and what suits this network. Nothing changes without a click. */
import { useEffect, useState } from 'react';
import type { MirrorTest } from '../../shared/contract/settings-change.ts';
import type { Contact } from '../../shared/domain/contact.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import { causeShort, inLanguage, problemText } from '../../shared/messages/messages.ts';
import { SwitchRow } from '../common/setting-rows.tsx';
import { useModal } from '../common/use-modal.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

/** The variable with the list of proxies. */
const LIST = 'GOPROXY';

const STEPS = ['hosts', 'go', 'profile', 'system'] as const;

export function Welcome({ onClose }: { readonly onClose: () => void }) {
  const t = useSnapshot((state) => state.t);
  const [step, setStep] = useState(0);
  const dialog = useModal(onClose);
  const name = STEPS[step] ?? 'hosts';
  const isLast = step === STEPS.length - 1;
  return (
    <dialog className="sheet welcome" ref={dialog} aria-labelledby="welcome-title" data-testid="welcome">
      <p className="note num">{t('welcome.step', { step: step + 1, count: STEPS.length })}</p>
      <h2 id="welcome-title">{t(`welcome.title-${name}`)}</h2>
      <div className="welcome-body" data-testid={`welcome-${name}`}>
        {name === 'hosts' && <HostsStep />}
        {name === 'go' && <GoStep />}
        {name === 'profile' && <ProfileStep />}
        {name === 'system' && <SystemStep />}
      </div>
      <WelcomeProblem />
      <div className="actions end">
        {!isLast && (
          <button type="button" className="button" data-testid="welcome-skip" onClick={onClose}>
            {t('welcome.skip')}
          </button>
        )}
        {step > 0 && (
          <button type="button" className="button" data-testid="welcome-back" onClick={() => setStep(step - 1)}>
            {t('popover.back')}
          </button>
        )}
        <button
          type="button"
          className="button primary"
          data-testid="welcome-next"
          onClick={() => (isLast ? onClose() : setStep(step + 1))}
        >
          {isLast ? t('welcome.done') : t('welcome.next')}
        </button>
      </div>
    </dialog>
  );
}

/** A refusal stands in the dialog: the page behind it cannot be seen. */
function WelcomeProblem() {
  const t = useSnapshot((state) => state.t);
  const notice = useSnapshot((state) => state.notice);
  if (notice?.kind !== 'problem') return null;
  return (
    <p className="fault" role="alert">
      {problemText(t, notice.problem)}
    </p>
  );
}

function HostsStep() {
  const t = useSnapshot((state) => state.t);
  const query = useSnapshot((state) => state.query);
  const [contacts, setContacts] = useState<readonly Contact[] | null>(null);
  useEffect(() => {
    void query('contacts.get', null).then((answer) => setContacts(answer ?? []));
  }, [query]);
  return (
    <>
      <p>{t('welcome.hosts-what')}</p>
      <div className="list hosts-list" data-testid="welcome-hosts-list">
        {contacts?.map(({ host, reason }) => (
          <div key={`${host} ${reason}`} className="host">
            {host}
            <small>{t(`settings.host-${reason}`)}</small>
          </div>
        ))}
      </div>
      <p className="dim">{t('settings.none-else')}</p>
    </>
  );
}

function GoStep() {
  const t = useSnapshot((state) => state.t);
  const go = useSnapshot((state) => state.snapshot.go);
  const send = useSnapshot((state) => state.send);
  const query = useSnapshot((state) => state.query);
  const [git, setGit] = useState<string | null | undefined>(undefined);
  const [kept, setKept] = useState(false);
  useEffect(() => {
    void query('settings.git', null).then(setGit);
  }, [query]);
  const keep = async () => setKept((await send('profile.keep', null)).ok);
  return (
    <>
      <dl className="facts">
        <div className="fact">
          <dt>go</dt>
          <dd data-testid="welcome-go-found">
            {go.state === 'found' && t('settings.go-found', { path: go.path, version: go.version })}
            {go.state === 'detecting' && t('settings.go-looking')}
            {(go.state === 'missing' || go.state === 'broken') && problemText(t, go.problem)}
          </dd>
        </div>
        <div className="fact">
          <dt>git</dt>
          <dd>{git === undefined ? t('welcome.looking') : (git ?? t('welcome.no-git'))}</dd>
        </div>
        {go.state === 'found' && go.effective[LIST] !== undefined && (
          <div className="fact">
            <dt>{LIST}</dt>
            <dd>
              <code>{go.effective[LIST]}</code>
            </dd>
          </div>
        )}
      </dl>
      <p>{t('welcome.keep-what')}</p>
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={kept || go.state !== 'found'}
          data-testid="welcome-keep"
          onClick={() => void keep()}
        >
          {kept ? t('welcome.kept') : t('welcome.keep')}
        </button>
      </div>
    </>
  );
}

function ProfileStep() {
  const t = useSnapshot((state) => state.t);
  const query = useSnapshot((state) => state.query);
  const [test, setTest] = useState<MirrorTest | 'running' | null>(null);
  const run = async () => {
    setTest('running');
    setTest(await query('mirrors.test', null));
  };
  return (
    <>
      <p>{t('welcome.profile-what')}</p>
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={test === 'running'}
          data-testid="welcome-test"
          onClick={() => void run()}
        >
          {test === 'running' ? t('settings.trying') : t('welcome.test-network')}
        </button>
      </div>
      <div aria-live="polite">{test !== null && test !== 'running' && <Mirrors test={test} />}</div>
    </>
  );
}

function Mirrors({ test: { mirrors, recommended } }: { readonly test: MirrorTest }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const switchTo = useSnapshot((state) => state.switchTo);
  const nameOf = (id: string) =>
    inLanguage(profiles.find((one) => one.profile.id === id)?.profile.name ?? id, language);
  const isUsed = profiles.some(({ profile, active }) => active && profile.id === recommended);
  return (
    <>
      <div className="list" data-testid="welcome-mirrors">
        {mirrors.map(({ profileId, host, latencyMs, cause }) => (
          <div key={profileId} className="setting">
            <span>
              {host}
              <small>{nameOf(profileId)}</small>
            </span>
            <span className={latencyMs === null ? 'bad' : 'good num'}>
              {latencyMs === null
                ? cause === null
                  ? t('settings.trial-cancelled')
                  : causeShort(t, cause)
                : t('welcome.honest', { latency: formatLatency(latencyMs) })}
            </span>
          </div>
        ))}
      </div>
      {recommended === null ? (
        <p className="note warn">{t('welcome.none-works')}</p>
      ) : (
        <div className="actions">
          <button
            type="button"
            className="button primary"
            disabled={isUsed}
            data-testid="welcome-use"
            onClick={() => void switchTo(recommended)}
          >
            {t(isUsed ? 'welcome.used' : 'welcome.use', { profile: nameOf(recommended) })}
          </button>
        </div>
      )}
    </>
  );
}

function SystemStep() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const { notifications, launchAtLogin } = useSnapshot((state) => state.snapshot.preferences);
  const [sent, setSent] = useState(false);
  return (
    <>
      <div className="list">
        <SwitchRow
          label={t('settings.notifications')}
          hint={t('settings.notifications-hint')}
          testId="welcome-notifications"
          field="preferences.notifications"
          checked={notifications}
          onChange={(checked) => void send('preferences.set', { notifications: checked })}
        >
          <button
            type="button"
            className="button"
            data-testid="welcome-notify"
            onClick={() => void send('notification.test', null).then(({ ok }) => setSent(ok))}
          >
            {sent ? t('settings.sent') : t('settings.test')}
          </button>
        </SwitchRow>
        <SwitchRow
          label={t('settings.launch')}
          testId="welcome-login"
          field="preferences.launchAtLogin"
          checked={launchAtLogin}
          onChange={(checked) => void send('preferences.set', { launchAtLogin: checked })}
        />
      </div>
      <p>{t('welcome.icon')}</p>
    </>
  );
}

/** The go and git in use, programs that a profile may run, and the profiles that come with the app. */
import { problemText } from '../../../shared/messages/messages.ts';
import { Managed } from '../../common/managed.tsx';
import { SwitchRow } from '../../common/setting-rows.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { useSettings } from './use-settings.ts';

export function ToolsSection() {
  const t = useSnapshot((state) => state.t);
  const go = useSnapshot((state) => state.snapshot.go);
  const values = useSettings(({ view }) => view?.values);
  const { change } = useSettings((state) => state);
  if (values === undefined) return null;
  const found = go.state === 'found' ? t('settings.go-found', { path: go.path, version: go.version }) : null;
  const broken = go.state === 'missing' || go.state === 'broken' ? problemText(t, go.problem) : null;
  const programs = values.go?.allowedPrograms ?? [];
  return (
    <>
      <div className="list">
        <Tool
          what="go"
          chosen={values.go?.path}
          note={broken ?? found ?? t('settings.go-looking')}
          isBad={broken !== null}
        />
        <Tool what="git" chosen={values.git?.path} note={t('settings.git-note')} isBad={false} />
      </div>
      <Managed field="go.allowedPrograms">
        <section className="section" data-testid="programs">
          <h3>{t('settings.programs')}</h3>
          <p className="note">{t('settings.programs-hint')}</p>
          {programs.length > 0 && (
            <div className="list">
              {programs.map((program) => (
                <div key={program} className="setting">
                  <span className="mono wrap">{program}</span>
                  <button
                    type="button"
                    className="button"
                    aria-label={t('settings.remove-named', { name: program })}
                    onClick={() =>
                      void change(
                        { go: { ...values.go, allowedPrograms: programs.filter((one) => one !== program) } },
                        { kind: 'removed', name: program },
                      )
                    }
                  >
                    {t('settings.remove')}
                  </button>
                </div>
              ))}
            </div>
          )}
        </section>
      </Managed>
    </>
  );
}

interface ToolProps {
  readonly what: 'go' | 'git';
  /** The path of the settings; undefined = found automatically. */
  readonly chosen: string | undefined;
  readonly note: string;
  readonly isBad: boolean;
}

function Tool({ what, chosen, note, isBad }: ToolProps) {
  const t = useSnapshot((state) => state.t);
  const values = useSettings(({ view }) => view?.values);
  const { change, choose } = useSettings((state) => state);
  const forget = () => {
    const { path: _, ...others } = values?.[what] ?? {};
    void change({ [what]: others });
  };
  return (
    <Managed field={`${what}.path`}>
      <div className="setting">
        <span>
          {what}
          <small className={isBad ? 'wrap bad' : 'wrap'} data-testid={`tool-${what}`}>
            {chosen ?? note}
          </small>
          {chosen !== undefined && isBad && <small className="wrap bad">{note}</small>}
        </span>
        <span className="controls">
          {chosen !== undefined && (
            <button type="button" className="button" data-testid={`auto-${what}`} onClick={forget}>
              {t('settings.tool-auto')}
            </button>
          )}
          <button type="button" className="button" data-testid={`choose-${what}`} onClick={() => void choose(what)}>
            {t('settings.choose')}
          </button>
        </span>
      </div>
    </Managed>
  );
}

/** Profiles are edited on a page of their own. */
export function ProfilesSection() {
  const t = useSnapshot((state) => state.t);
  const builtIn = useSettings(({ view }) => view?.values.builtInProfiles) ?? true;
  const change = useSettings((state) => state.change);
  const goTo = useDashboard((state) => state.goTo);
  return (
    <div className="list">
      <SwitchRow
        label={t('settings.built-in')}
        hint={t('settings.built-in-hint')}
        testId="built-in-profiles"
        field="builtInProfiles"
        checked={builtIn}
        onChange={(checked) => void change({ builtInProfiles: checked })}
      />
      <div className="setting">
        <span>{t('settings.profiles-page')}</span>
        <button type="button" className="button" onClick={() => goTo('profiles')}>
          {t('settings.profiles-open')}
        </button>
      </div>
    </div>
  );
}

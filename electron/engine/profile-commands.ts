/** Commands about profiles and the real `go`: what the app, the tray menu and `watch` call. */
import type { EffectiveTable } from '../../shared/domain/effective.ts';
import { goauthPrograms } from '../../shared/domain/goauth.ts';
import type { LintFinding, LintFix } from '../../shared/domain/lint.ts';
import { failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { Preflight } from '../../shared/domain/preflight.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { ModuleKind, ProfileRoute } from '../../shared/domain/verdict.ts';
import type { AutoSwitch } from '../profile/auto-switch.ts';
import { adoptedProfile } from '../profile/drift.ts';
import { lint } from '../profile/lint.ts';
import { withSecrets } from '../profile/with-secrets.ts';
import { viewer } from '../verdict/overview.ts';
import { profileRoutes } from '../verdict/routes.ts';
import type { EndpointBook } from './endpoint-book.ts';
import type { ProfileService } from './engine-api.ts';
import type { EnginePorts, EngineSettings } from './engine-ports.ts';

export interface ProfileCommandParts {
  readonly settings: () => EngineSettings;
  /** Changes the settings file and takes the result over. */
  readonly changeSettings: (change: () => Promise<Outcome>) => Promise<Outcome>;
  readonly autoSwitch: AutoSwitch;
  readonly book: EndpointBook;
}

export class ProfileCommands implements ProfileService {
  readonly #ports: EnginePorts;
  readonly #parts: ProfileCommandParts;

  constructor(ports: EnginePorts, parts: ProfileCommandParts) {
    this.#ports = ports;
    this.#parts = parts;
  }

  use(profileId: string): Promise<Outcome> {
    return this.#parts.autoSwitch.use(profileId);
  }

  async allow(profileId: string, program: string): Promise<Outcome> {
    const { settings, changeSettings } = this.#parts;
    const profile = settings().profiles.find(({ id }) => id === profileId);
    if (profile === undefined) return failed('no-such-profile', { profile: profileId });
    const programs = goauthPrograms(profile.variables.GOAUTH ?? '');
    // The file was changed since: what it holds now is read first.
    if (!programs.includes(program)) return this.use(profileId);
    const allowed = await changeSettings(() => this.#ports.settings.allowProgram(program));
    return allowed.ok ? this.use(profileId) : allowed;
  }

  plan(profileId: string): Promise<Outcome<SwitchPlan>> {
    return this.#parts.autoSwitch.plan(profileId);
  }

  undo(until?: string): Promise<Outcome> {
    return this.#parts.autoSwitch.undo(until);
  }

  async answerDrift(answer: 'revert' | 'accept' | 'adopt'): Promise<Outcome> {
    const { autoSwitch, settings } = this.#parts;
    if (answer === 'revert') return autoSwitch.revert();
    const { go } = autoSwitch;
    if (answer === 'adopt' && go.state === 'found') {
      const saved = await this.#store(adoptedProfile(go, settings().profiles), 0);
      if (!saved.ok) return saved;
    }
    return autoSwitch.accept();
  }

  async lint(): Promise<readonly LintFinding[]> {
    const { autoSwitch, book, settings } = this.#parts;
    const { go } = autoSwitch;
    if (go.state !== 'found') return [];
    const records = book.records();
    const uptimes = new Map(records.map(({ endpoint }) => [endpoint.url, book.day(endpoint.id).uptime]));
    return lint({
      variables: go.effective,
      git: go.git ?? [],
      viewOf: viewer(records, settings().gateway),
      uptimeOf: (url) => uptimes.get(url) ?? null,
      privateHosts: [],
      goLines: null,
      ...(await this.#ports.environment()),
    });
  }

  async fix({ rule, subject }: Pick<LintFinding, 'rule' | 'subject'>): Promise<Outcome> {
    const findings = await this.lint();
    const fix = findings.find((one) => one.rule === rule && one.subject === subject)?.fix ?? null;
    return fix === null ? failed('fix-gone') : this.apply(fix);
  }

  apply(settings: LintFix): Promise<Outcome> {
    return this.#parts.autoSwitch.fix(settings);
  }

  /** Windows know no passwords: those of a profile that comes back from one are put in again where they were. */
  async save(profile: Profile, at?: number): Promise<Outcome> {
    const { autoSwitch, settings } = this.#parts;
    const { go } = autoSwitch;
    const inForce = go.state === 'found' ? [{ variables: go.effective, git: go.git ?? [] }] : [];
    const own = settings().profiles.filter(({ id }) => id === profile.id);
    const others = settings().profiles.filter(({ id }) => id !== profile.id);
    const restored = withSecrets(profile, [...inForce, ...others, ...own]);
    return restored === null ? failed('profile-secret-hidden') : this.#store(restored, at);
  }

  async keep(): Promise<Outcome> {
    const { autoSwitch, settings } = this.#parts;
    const { go } = autoSwitch;
    if (go.state === 'detecting') return failed('go-missing');
    if (go.state !== 'found') return { ok: false, problem: go.problem };
    const kept = adoptedProfile(go, settings().profiles);
    return this.#store({ ...kept, name: { en: 'My settings', 'zh-CN': '我的设置' } }, 0);
  }

  #store(profile: Profile, at?: number): Promise<Outcome> {
    return this.#parts.changeSettings(() => this.#ports.settings.saveProfile(profile, at));
  }

  delete(profileId: string): Promise<Outcome> {
    return this.#parts.changeSettings(() => this.#ports.settings.deleteProfile(profileId));
  }

  order(ids: readonly string[]): Promise<Outcome> {
    return this.#parts.changeSettings(() => this.#ports.settings.orderProfiles(ids));
  }

  effective(folder: string | null): Promise<EffectiveTable> {
    return this.#ports.effective(folder);
  }

  preflight(folder: string): Promise<Outcome<Preflight>> {
    const { autoSwitch, book, settings } = this.#parts;
    return this.#ports.preflight(folder, autoSwitch.go, viewer(book.records(), settings().gateway));
  }

  routes(modulePath: string, kind: ModuleKind): readonly ProfileRoute[] {
    const { autoSwitch, settings, book } = this.#parts;
    const { go } = autoSwitch;
    const effective = go.state === 'found' ? go.effective : {};
    return profileRoutes(
      settings().profiles,
      effective,
      { modulePath, kind },
      viewer(book.records(), settings().gateway),
    );
  }
}

/**
 * What each request of the contract does: a call of a service, or one of the few things that only the desktop can do.
 */
import type { Licences, SettingsView } from '../../shared/contract/settings-change.ts';
import { DONE, failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { SettingsPageName } from '../../shared/domain/settings-sections.ts';
import type { DashboardPage, Language, Preferences } from '../../shared/domain/snapshot.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import type {
  Doctor,
  GatewayService,
  Policy,
  SettingsService,
  TrafficService,
  UpdateService,
} from '../engine/app-services.ts';
import type { Engine } from '../engine/engine-api.ts';
import { errorDetail, errorMessage } from '../system/error-facts.ts';
import type { Handlers } from './answer.ts';

/** The desktop's side of the requests. */
export interface Desktop {
  writeClipboard(text: string): void;
  /** Opens a file in its default program; resolves to the system's message, empty on success. */
  openPath(path: string): Promise<string>;
  resizePopover(height: number): void;
  hidePopover(): void;
  /** Opens the dashboard at a page (null = the last one), on an endpoint or a section of the settings if one is named. */
  openDashboard(endpointId: string | null, page: DashboardPage | null, section: SettingsPageName | null): void;
  /** Asks for a folder; null = none was chosen. */
  chooseFolder(): Promise<string | null>;
  /** Asks for a file to read; null = none was chosen. */
  openFile(): Promise<string | null>;
  /** Asks where to write a new file; null = nowhere. */
  chooseFile(name: string): Promise<string | null>;
  /** Rejects with the system's error. */
  writeFile(path: string, text: string): Promise<void>;
  /** In the current language of the windows. */
  translate(): Translate;
  language(): Language;
  /** Opens a pane of System Settings. */
  openSettings(pane: 'full-disk-access' | 'local-network'): void;
  /** Shows a sample notification; false when the desktop takes none. */
  testNotification(): boolean;
  /** Whether the session starts the app; null = not known. */
  startsAtLogin(): Promise<boolean | null>;
  /** Of the app. */
  version(): string;
  /** The commit it was built from; empty when not known. */
  commit(): Promise<string>;
  /** Rejects with the system's error when the build brought none. */
  licences(): Promise<Licences>;
  /** Rejects with the system's error. */
  setLaunchAtLogin(enabled: boolean): Promise<void>;
  /** Takes a global shortcut (null = none). Problem `shortcut-taken`: another program has it. */
  setShortcut(accelerator: string | null): Outcome;
  quit(): void;
}

/** The services behind the requests. */
export interface Services {
  readonly engine: Engine;
  readonly doctor: Doctor;
  readonly policy: Policy;
  readonly traffic: TrafficService;
  readonly settings: SettingsService;
  readonly gateway: GatewayService;
  readonly updates: UpdateService;
}

/** The handlers over the services and a desktop. */
export function createHandlers(
  { engine, doctor, policy, traffic, settings, gateway, updates }: Services,
  desktop: Desktop,
  settingsFile: string,
): Handlers {
  /** The last choice of the user: a page cannot name a path. */
  let folder: string | null = null;
  return {
    'snapshot.get': () => engine.snapshot(),
    'probe.now': ({ endpointId }) => engine.probing.probeNow(endpointId),
    'monitor.pause': ({ minutes }) => engine.probing.pauseFor(minutes === null ? null : minutes * MINUTE_MS),
    'monitor.resume': () => engine.probing.resume(),
    'profile.use': ({ profileId }) => engine.profiles.use(profileId),
    'profile.allow': ({ profileId, program }) => engine.profiles.allow(profileId, program),
    'profile.undo': ({ until }) => engine.profiles.undo(until),
    'profile.plan': ({ profileId }) => engine.profiles.plan(profileId),
    'profile.save': ({ profile, at }) => engine.profiles.save({ ...profile, builtIn: false }, at),
    'profile.delete': ({ profileId }) => engine.profiles.delete(profileId),
    'profile.order': ({ ids }) => engine.profiles.order(ids),
    'drift.answer': ({ answer }) => engine.profiles.answerDrift(answer),
    'lint.get': () => engine.profiles.lint(),
    'lint.fix': (finding) => engine.profiles.fix(finding),
    'routes.get': ({ modulePath, kind }) => engine.profiles.routes(modulePath, kind),
    'effective.get': () => engine.profiles.effective(folder),
    'preflight.get': async () => (folder === null ? failed('no-folder') : engine.profiles.preflight(folder)),
    'doctor.start': ({ target, incidentId }) => doctor.start(target, incidentId),
    'doctor.fix': ({ key }) => {
      const settings = doctor.current()?.fixes.find((fix) => fix.key === key)?.settings;
      return settings === undefined ? failed('fix-gone') : engine.profiles.apply(settings);
    },
    'doctor.cancel': () => doctor.cancel(),
    'doctor.get': () => ({ current: doctor.current(), archived: doctor.archived() }),
    'doctor.reopen': ({ startedAt }) => doctor.reopen(startedAt),
    'doctor.report': ({ format }) => doctor.report(format, desktop.translate(), desktop.language()),
    'doctor.doh': () => saveDohProfile(doctor, desktop),
    'explain.text': ({ text }) => doctor.explain(text),
    'traffic.trace': ({ module, frames }) => traffic.trace(module, frames),
    'traffic.open': async () => {
      const file = await desktop.openFile();
      return file === null ? DONE : traffic.open(file);
    },
    'traffic.plan': ({ hosts, seconds }) => traffic.plan(hosts, seconds),
    'traffic.record': ({ hosts, seconds }) => traffic.record(hosts, seconds),
    'traffic.cancel': () => traffic.cancel(),
    'traffic.save': () => saveTraffic(traffic, desktop),
    'traffic.get': () => traffic.current(),
    'policy.get': async () => ({ last: await policy.last(), uses: await policy.uses() }),
    'policy.read': ({ privileged }) => policy.read(privileged),
    'policy.reset': ({ service, bundleId }) => policy.reset(service, bundleId),
    'policy.settings': ({ pane }) => after(() => desktop.openSettings(pane)),
    'policy.flush-dns': () => policy.flushDns(),
    'folder.choose': async () => {
      const chosen = await desktop.chooseFolder();
      folder = chosen ?? folder;
      return chosen;
    },
    'endpoint.detail': ({ endpointId }) => engine.history.detail(endpointId),
    'chart.get': ({ endpointId, from, to }) => engine.history.chart(endpointId, from, to),
    'since.get': () => engine.history.since(),
    'dashboard.get': () => engine.history.dashboard(),
    'dashboard.open': ({ endpointId, page, section }) =>
      after(() => desktop.openDashboard(endpointId, page ?? null, section ?? null)),
    'lag.compare': () => engine.probing.compareMirrors(),
    'meter.get': () => engine.history.meter(),
    'contacts.get': () => engine.history.contacts(),
    'network.set': (change) => engine.preferences.setNetwork(change),
    'drill.start': () => engine.drill.start(),
    'drill.cancel': () => engine.drill.cancel(),
    'preferences.set': (change) => setPreferences(engine, desktop, change),
    'alert.mute': ({ minutes }) => engine.preferences.muteFor(minutes === 0 ? null : minutes * MINUTE_MS),
    'alert.dismiss': () => engine.preferences.dismissAlert(),
    'notices.dismiss': () => engine.preferences.dismissNotices(),
    'notification.test': () => (desktop.testNotification() ? DONE : failed('notifications-unsupported')),
    'clipboard.write': ({ text }) => after(() => desktop.writeClipboard(text)),
    'gateway.get': () => gateway.state(),
    'gateway.enable': ({ enabled }) => gateway.enable(enabled),
    'gateway.use-other-port': () => gateway.useOtherPort(),
    'gateway.clear': () => gateway.clear(),
    'prefetch.get': async () => (folder === null ? failed('no-folder') : gateway.readiness(folder)),
    'prefetch.start': async () => (folder === null ? failed('no-folder') : gateway.prefetch(folder)),
    'prefetch.cancel': () => gateway.cancelPrefetch(),
    'gateway.folder': () => openFile(desktop, gateway.state().folder),
    'settings.get': () => settingsView(settings, desktop),
    'settings.change': ({ revision, patch }) => settings.change(revision, patch),
    'settings.undo': () => settings.undo(),
    'settings.reset': () => settings.reset(),
    'settings.choose': async ({ what }) => {
      const file = await desktop.openFile();
      return file === null ? DONE : settings.useFile(what, file);
    },
    'settings.try': ({ endpoint }) => settings.tryEndpoint(endpoint),
    'settings.git': () => settings.findGit(),
    'mirrors.test': () => settings.testMirrors(),
    'profile.keep': () => engine.profiles.keep(),
    'settings.export': () => exportSettings(settings, desktop),
    'settings.import-choose': async () => {
      const file = await desktop.openFile();
      return file === null ? succeeded(null) : settings.previewImport(file);
    },
    'settings.import': () => settings.acceptImport(),
    'settings.folder': () => openFile(desktop, settings.folder),
    'settings.diagnostics': async () => {
      const text = await settings.diagnostics(desktop.version());
      return saveAs(desktop, 'gopherbar-diagnostics.json', (file) => desktop.writeFile(file, text));
    },
    'settings.open': () => openFile(desktop, settingsFile),
    'licences.get': () => desktop.licences(),
    'updates.get': () => updates.state(),
    'updates.check': () => updates.check(),
    'updates.install': () => updates.install(),
    'popover.resize': ({ height }) => after(() => desktop.resizePopover(height)),
    'popover.hide': () => after(() => desktop.hidePopover()),
    'app.quit': () => after(() => desktop.quit()),
  };
}

/** Runs an action that cannot fail, and returns success. */
function after(effect: () => void): Outcome {
  effect();
  return DONE;
}

/** Opens a file for editing; a Problem when no program takes it. */
async function openFile(desktop: Pick<Desktop, 'openPath'>, path: string): Promise<Outcome> {
  const message = await desktop.openPath(path);
  if (message === '') return DONE;
  return failed('file-not-opened', { path, message });
}

async function saveDohProfile(doctor: Doctor, desktop: Desktop): Promise<Outcome> {
  const text = doctor.dohProfile();
  if (text === null) return failed('no-doh-resolver');
  return saveAs(desktop, 'gopherbar-dns.mobileconfig', (file) => desktop.writeFile(file, text));
}

function saveTraffic(traffic: TrafficService, desktop: Desktop): Promise<Outcome> {
  const name = traffic.current()?.kind === 'capture' ? 'gopherbar.pcap' : 'gopherbar-trace.txt';
  return saveAs(desktop, name, (file) => traffic.save(file));
}

/** Saves where the user chooses; cancelling is a valid result. */
async function saveAs(desktop: Desktop, name: string, write: (file: string) => Promise<void>): Promise<Outcome> {
  const file = await desktop.chooseFile(name);
  if (file === null) return DONE;
  try {
    await write(file);
    return DONE;
  } catch (error) {
    const detail = errorDetail(error);
    return failed('file-not-written', { file, detail });
  }
}

/** null = no file was chosen; otherwise the fields whose secrets are not in it. */
async function exportSettings(settings: SettingsService, desktop: Desktop): Promise<Outcome<readonly string[] | null>> {
  const { text, hidden } = settings.exported();
  let isWritten = false;
  const done = await saveAs(desktop, 'gopherbar-settings.json', async (file) => {
    await desktop.writeFile(file, text);
    isWritten = true;
  });
  return done.ok ? succeeded(isWritten ? hidden : null) : done;
}

/** The settings with what only the desktop knows. */
async function settingsView(settings: SettingsService, desktop: Desktop): Promise<SettingsView> {
  const [view, startsAtLogin, commit] = await Promise.all([settings.view(), desktop.startsAtLogin(), desktop.commit()]);
  return { ...view, startsAtLogin, version: desktop.version(), commit };
}

/** The system is changed first: the setting must match what the system does. A setting that is refused is taken back there. */
async function setPreferences(engine: Engine, desktop: Desktop, change: Partial<Preferences>): Promise<Outcome> {
  const takeBack: ((before: Preferences) => unknown)[] = [];
  if (change.launchAtLogin !== undefined) {
    try {
      await desktop.setLaunchAtLogin(change.launchAtLogin);
      takeBack.push((before) => desktop.setLaunchAtLogin(before.launchAtLogin));
    } catch (error) {
      const message = errorMessage(error);
      return failed('login-item-failed', { message });
    }
  }
  let done: Outcome = DONE;
  if (change.shortcut !== undefined) {
    done = desktop.setShortcut(change.shortcut);
    if (done.ok) takeBack.push((before) => desktop.setShortcut(before.shortcut));
  }
  if (done.ok) done = await engine.preferences.set(change);
  if (!done.ok) for (const one of takeBack) await one(engine.snapshot().preferences);
  return done;
}

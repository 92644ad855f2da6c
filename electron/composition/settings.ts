/** The settings and the tools as features want them: the real `go`, what of the file may be changed. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { Preferences } from '../../shared/domain/snapshot.ts';
import type { EngineSettings, SettingsPort } from '../engine/engine-ports.ts';
import type { Controls } from '../probe/experiments.ts';
import { profilesOf } from '../profile/built-in.ts';
import type { Settings } from '../settings/effective-settings.ts';
import { readExtraCa } from '../settings/extra-ca.ts';
import { lockedKeys } from '../settings/managed.ts';
import type { SettingsFile } from '../settings/settings-file.ts';
import type { Env } from '../system/files.ts';
import { parseUrl } from '../system/web.ts';
import { forwardProxyFor } from '../toolchain/proxy-environment.ts';

/** What a gateway of this computer adds. */
export interface GatewayPart {
  /** Points `go` at it. */
  readonly profile: Profile;
  /** null while it does not run. */
  readonly address: string | null;
}

/** The settings file as the engine wants it. */
export function engineSettings(file: SettingsFile, env: Env, gateway: GatewayPart | null): EngineSettings {
  const { settings } = file;
  const { endpoints, intervals, thresholds, limits, resolver, preferences, demo } = settings;
  const extraCa = readExtraCa(settings.extraCa);
  return {
    monitor: {
      endpoints,
      intervals,
      thresholds,
      limits,
      network: { resolver, extraCa: extraCa.pems },
      controls: controlsFrom(endpoints),
    },
    profiles: profilesOf(settings, gateway === null ? [] : [gateway.profile]),
    preferences,
    managed: lockedKeys(file.managed),
    watchedModules: settings.watchedModules,
    doctorResolvers: settings.doctorResolvers,
    statusFeeds: settings.statusFeeds,
    networks: settings.networks,
    bytesPerDay: settings.bytesPerDay,
    gateway: { address: gateway?.address ?? null, upstreams: upstreamsOf(settings) },
    updateFeeds: settings.updates.enabled ? settings.updates.feeds : [],
    metricsCollector: settings.metricsCollector,
    demo,
    problem: file.problem ?? file.managedNotice ?? extraCa.problem,
    forwardProxyOfGo: (url) => {
      const parsed = parseUrl(url);
      const proxy = parsed === null ? null : forwardProxyFor(parsed, env);
      return proxy === null ? null : redactUrl(proxy);
    },
  };
}

/** Base URLs of the proxies that the gateway asks, in the order of preference. */
export function upstreamsOf({ gateway, endpoints }: Pick<Settings, 'gateway' | 'endpoints'>): readonly string[] {
  return gateway.upstreams ?? endpoints.filter(({ kind }) => kind === 'goproxy').map(({ url }) => url);
}

/** Only what the person has listed is ever put in the place of something: a resolver by address, a forward proxy. */
function controlsFrom(endpoints: readonly Endpoint[]): Controls {
  const udp = endpoints.find(
    ({ kind, url }) => kind === 'dns' && /^udp:\/\/(?:[\d.]+|\[[0-9a-f:]+\])(?::\d+)?$/i.test(url),
  );
  const address = udp?.url.slice('udp://'.length);
  return {
    resolver: address === undefined || /:\d+$/.test(address.replace(/^\[.*\]/, '')) ? address : `${address}:53`,
    forwardProxy: endpoints.find(({ kind }) => kind === 'forward-proxy')?.url,
  };
}

/** What may be changed in the settings file. */
export function settingsWriter(file: SettingsFile): Omit<SettingsPort, 'current' | 'watch'> {
  return {
    setPreferences: (change: Partial<Preferences>) => file.setPreferences(change),
    setNetwork: (network) => file.setNetwork(network),
    saveProfile: (profile, at) => file.saveProfile(profile, at),
    deleteProfile: (profileId) => file.deleteProfile(profileId),
    orderProfiles: (ids) => file.orderProfiles(ids),
    allowProgram: (program) => file.allowProgram(program),
  };
}

/** The settings as the engine reads, changes and follows them. */
export function settingsPort(file: SettingsFile, current: () => EngineSettings): SettingsPort {
  return {
    current,
    ...settingsWriter(file),
    watch: (listener) => file.watch(() => listener(current())),
  };
}

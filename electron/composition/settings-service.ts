/** The settings window's side of the settings file: what it shows, and changes that are checked before they are written. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { type ImportPreview, type MirrorTest, SETTINGS_SECTIONS } from '../../shared/contract/settings-change.ts';
import type { SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { displayName } from '../../shared/domain/goproxy-list.ts';
import { failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import { scrubber } from '../doctor/scrub.ts';
import type { SettingsService } from '../engine/app-services.ts';
import type { Engine } from '../engine/engine-api.ts';
import { type Candidate, candidatesOf, recommend } from '../profile/recommend.ts';
import { applyPatch, changedSections, checkEntry } from '../settings/apply-patch.ts';
import { readEndpoint, sectionsOf } from '../settings/effective-settings.ts';
import { exportSettings, offerImport } from '../settings/exchange.ts';
import { readExtraCa } from '../settings/extra-ca.ts';
import { lockedKeys } from '../settings/managed.ts';
import { readImport } from '../settings/read-import.ts';
import { PendingWork } from '../system/pending-work.ts';
import { findGit } from '../toolchain/git-config.ts';
import type { Core } from './core.ts';

/** States of the file that a window may still show. */
const REMEMBERED = 50;

/** Of one mirror. */
const MIRROR_TEST_MS = 5_000;

/** The service over the core's settings file; changes go through the engine, which takes them over at once. */
export function openSettings(core: Core, engine: Pick<Engine, 'preferences' | 'snapshot'>): SettingsService {
  return new SettingsDesk(core, engine);
}

class SettingsDesk implements SettingsService {
  readonly folder: string;
  readonly #core: Core;
  readonly #engine: Pick<Engine, 'preferences' | 'snapshot'>;
  readonly #shown = new Map<string, SettingsFileContent>();
  readonly #trials = new PendingWork();
  readonly #closing = new AbortController();
  #offered: SettingsFileContent | null = null;

  constructor(core: Core, engine: Pick<Engine, 'preferences' | 'snapshot'>) {
    this.folder = core.folder;
    this.#core = core;
    this.#engine = engine;
  }

  async view() {
    const { file, paths, folder } = this.#core;
    const { content, text, problem, canUndo } = file;
    const revision = createHash('sha256').update(text).digest('hex').slice(0, 16);
    this.#remember(revision, content);
    const values = sectionsOf(file.inForce);
    return {
      file: file.path,
      revision,
      problem,
      canUndo,
      values,
      endpointIds: (values.endpoints ?? []).map((entry) => readEndpoint(entry).id),
      locked: lockedKeys(file.managed),
      set: SETTINGS_SECTIONS.filter((section) => content[section] !== undefined),
      bytes: { settings: Buffer.byteLength(text), history: await sizeOf(paths.history) },
      folder,
    };
  }

  exported() {
    return exportSettings(this.#core.file.content);
  }

  change(revision: string, patch: unknown): Promise<Outcome> {
    const base = this.#shown.get(revision);
    const sections = Object.keys(patch ?? {});
    return this.#apply((content) => {
      // Another writer (an editor, the popover) may have changed what the window has not seen yet.
      if (base === undefined || changedSections(base, content, sections).length > 0) return failed('settings-changed');
      return applyPatch(content, patch);
    });
  }

  undo(): Promise<Outcome> {
    return this.#engine.preferences.apply(() => this.#core.file.undo());
  }

  reset(): Promise<Outcome> {
    return this.#engine.preferences.apply(() => this.#core.file.replaceText(null));
  }

  async useFile(what: 'go' | 'git' | 'ca', file: string): Promise<Outcome> {
    if (what !== 'ca')
      return this.#apply((content) => succeeded({ ...content, [what]: { ...content[what], path: file } }));
    const { problem } = readExtraCa([file]);
    if (problem !== null) return { ok: false, problem };
    return this.#apply((content) => {
      const known = content.trust?.extraCa ?? [];
      if (known.includes(file)) return succeeded(content);
      return succeeded({ ...content, trust: { ...content.trust, extraCa: [...known, file] } });
    });
  }

  async tryEndpoint(entry: unknown) {
    const checked = checkEntry(entry);
    if (!checked.ok) return checked;
    const { content } = this.#core.file;
    const restored = applyPatch({ ...content }, { endpoints: [checked.value] });
    if (!restored.ok) return restored;
    const [first = checked.value] = restored.value.endpoints ?? [];
    const { limits, network } = this.#core.settings().monitor;
    const request = { endpoint: readEndpoint(first), depth: 'full', limits, network } as const;
    const pool = await this.#core.pool();
    const result = await this.#trials.add(pool.probe(request, this.#closing.signal));
    return succeeded({
      outcome: result.outcome,
      latencyMs: result.outcome === 'ok' ? result.totalMs : null,
      cause: result.outcome === 'failed' ? result.failure.cause : null,
    });
  }

  async findGit(): Promise<string | null> {
    const { runner, env, file } = this.#core;
    return file.settings.gitPath ?? (await findGit(runner, env));
  }

  async testMirrors(): Promise<MirrorTest> {
    const { monitor, profiles } = this.#core.settings();
    const pool = await this.#core.pool();
    const limits = { ...monitor.limits, hard: { ...monitor.limits.hard, totalMs: MIRROR_TEST_MS } };
    const measure = async ({ profileId, url }: Candidate) => {
      const known = monitor.endpoints.find((one) => one.kind === 'goproxy' && one.url === url);
      const endpoint = known ?? readEndpoint({ url });
      const request = { endpoint, depth: 'full', limits, network: monitor.network } as const;
      const result = await this.#trials.add(pool.probe(request, this.#closing.signal));
      return {
        profileId,
        host: displayName(url),
        latencyMs: result.outcome === 'ok' ? result.totalMs : null,
        cause: result.outcome === 'failed' ? result.failure.cause : null,
      };
    };
    const mirrors = await Promise.all(candidatesOf(profiles).map(measure));
    return { mirrors, recommended: recommend(mirrors) };
  }

  async previewImport(file: string): Promise<Outcome<ImportPreview>> {
    const read = await readImport(file);
    if (!read.ok) return read;
    this.#offered = read.value;
    const { next: _, ...offer } = offerImport(this.#core.file.content, read.value, this.#core.file.managed);
    return succeeded({ file, ...offer } as ImportPreview);
  }

  async acceptImport(): Promise<Outcome> {
    const offered = this.#offered;
    if (offered === null) return failed('import-gone');
    this.#offered = null;
    return this.#apply((content) => succeeded(offerImport(content, offered, this.#core.file.managed).next));
  }

  async diagnostics(version: string): Promise<string> {
    const { env, file, go } = this.#core;
    const state = await go.read();
    const found = state.state === 'found' ? state.effective : {};
    const scrub = scrubber({
      home: env.HOME,
      user: env.USER,
      privateGlobs: [found.GOPRIVATE, found.GONOPROXY, found.GONOSUMDB].filter(Boolean).join(','),
      privateHosts: [],
    });
    const { at, verdict, endpoints, notices, schedule } = this.#engine.snapshot();
    const facts = {
      schema: 1,
      version,
      system: { platform: platform(), release: release(), arch: arch(), node: process.versions.node },
      at,
      settings: file.inForce,
      managed: lockedKeys(file.managed),
      settingsProblem: file.problem,
      go: state,
      verdict,
      endpoints: endpoints.map(({ strip: _, ...one }) => one),
      notices,
      schedule,
      hosts: file.settings.doctorResolvers,
    };
    return `${scrub(JSON.stringify(facts, null, 2))}\n`;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#trials.settled();
  }

  #apply(edit: (content: SettingsFileContent) => Outcome<SettingsFileContent>): Promise<Outcome> {
    return this.#engine.preferences.apply(() => this.#core.file.change(edit));
  }

  #remember(revision: string, content: SettingsFileContent): void {
    this.#shown.delete(revision);
    this.#shown.set(revision, content);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > REMEMBERED && oldest !== undefined) this.#shown.delete(oldest);
  }
}

/** 0 = no such file. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

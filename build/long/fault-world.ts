/** A home of its own with the whole engine in it: what a fault happens to, and how it is seen from outside. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import type { Lab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { type Core, openCore } from '../../electron/composition/core.ts';
import { enginePorts } from '../../electron/composition/engine.ts';
import { startEngine } from '../../electron/engine/engine.ts';
import type { Engine } from '../../electron/engine/engine-api.ts';
import { openHistory } from '../../electron/history/open-history.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { silentLog } from '../../electron/system/log.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { attributesOf } from './file-attributes.ts';

/** `url.<base>.insteadOf` of the profile that the rows switch to. */
const GIT_KEY = 'url.https://mirror.lab/.insteadOf';
const POLL_MS = 50;
/** After every sample, also of a clock that was ahead. */
const LATEST = 4e12;

export interface Hosts {
  readonly lab: Lab;
  readonly proxy: GoproxyServer;
}

export class World {
  readonly home = mkdtempSync(join(tmpdir(), 'gopherbar-fault-'));
  readonly data = join(this.home, 'data');
  readonly settingsFile = join(this.data, 'settings.json');
  readonly historyFile = join(this.data, 'history.sqlite');
  readonly goEnv = join(this.home, 'goenv');
  readonly gitConfig = join(this.home, 'gitconfig');
  /** What `git` does in place of its work, while this file is there. */
  readonly gitFault = join(this.home, 'git-fault');
  /** The settings' text when nothing is wrong. */
  readonly goodSettings: string;
  #core: Core | null = null;
  #engine: Engine | null = null;
  #second: { readonly core: Core; readonly engine: Engine } | null = null;

  constructor({ lab, proxy }: Hosts) {
    mkdirSync(this.data);
    const variables = { GOPROXY: `${proxy.url}|direct`, GOSUMDB: FIXTURE_SUMDB };
    const gitSettings = [{ key: GIT_KEY, value: 'https://source.lab/' }];
    this.goodSettings = JSON.stringify({
      builtInProfiles: false,
      watchedModules: [],
      endpoints: [{ id: 'plain', url: proxy.url, module: FIXTURE_MODULE }],
      profiles: [{ id: 'two', name: 'Two', variables, git: gitSettings }],
      intervals: { visibleMs: 200, hiddenMs: 200 },
      network: { resolver: lab.dns.address },
    });
    writeFileSync(this.settingsFile, this.goodSettings);
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    this.program('git', `[ -f '${this.gitFault}' ] && . '${this.gitFault}'\nexec ${git} "$@"`);
    writeFileSync(this.goEnv, `# mine\nGOPROXY=${proxy.url}\nGOSUMDB=${FIXTURE_SUMDB}\n`, { mode: 0o640 });
    writeFileSync(this.gitConfig, '# mine\n[user]\n\tname = Someone\n', { mode: 0o640 });
  }

  get engine(): Engine {
    if (this.#engine === null) throw new Error('the engine does not run');
    return this.#engine;
  }

  async start(): Promise<void> {
    const { core, engine } = await this.#openEngine();
    this.#core = core;
    this.#engine = engine;
  }

  async #openEngine(): Promise<{ readonly core: Core; readonly engine: Engine }> {
    const env = {
      PATH: `${join(this.home, 'bin')}:${process.env.PATH}`,
      HOME: this.home,
      GOENV: this.goEnv,
      GOPATH: join(this.home, 'go'),
      GIT_CONFIG_GLOBAL: this.gitConfig,
    };
    const core = await openCore(this.data, env, silentLog);
    const ports = await enginePorts(core);
    const network = { read: async () => null, watch: () => () => {} };
    return { core, engine: await startEngine({ ...ports, hasNetworkPath: () => true, network }) };
  }

  /** Puts a program before the others in PATH. */
  program(name: string, script: string): void {
    mkdirSync(join(this.home, 'bin'), { recursive: true });
    const file = join(this.home, 'bin', name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Where settings say the real `go` is. */
  chooseGo(path: string): void {
    writeFileSync(this.settingsFile, JSON.stringify({ ...JSON.parse(this.goodSettings), go: { path } }));
  }

  /** Where settings say the git is. */
  chooseGit(path: string): void {
    writeFileSync(this.settingsFile, JSON.stringify({ ...JSON.parse(this.goodSettings), git: { path } }));
  }

  /** A second process with the whole engine on the same data folder, as `gopherbar watch` beside the app would be. */
  async startSecond(): Promise<void> {
    this.#second = await this.#openEngine();
  }

  async endSecond(): Promise<void> {
    const second = this.#second;
    this.#second = null;
    await second?.engine.close();
    await second?.core.close();
  }

  /** Every problem that the snapshot tells. */
  told(): readonly Problem[] {
    const { notices, go } = this.engine.snapshot();
    return [...notices, ...('problem' in go ? [go.problem] : [])];
  }

  /** Waits for something to become true; rejects with its name. */
  async until(what: string, isTrue: () => boolean, withinMs = 15_000): Promise<void> {
    const end = performance.now() + withinMs;
    while (!isTrue()) {
      if (performance.now() > end) throw new Error(`never: ${what}; told: ${JSON.stringify(this.told())}`);
      await delay(POLL_MS);
    }
  }

  /** Probes go on: a later one than now ends well. */
  async probes(): Promise<void> {
    const at = Date.now();
    const lastAt = () =>
      this.engine.snapshot().endpoints.find(({ endpoint }) => endpoint.id === 'plain')?.last?.startedAt ?? 0;
    await this.until('a further probe', () => lastAt() > at, 60_000);
  }

  /** The files of go and git with all that must not change: bytes, mode, owner, what a link names, names beside them. */
  fingerprint(): string {
    const of = (path: string) => {
      const entry = lstatSync(path, { throwIfNoEntry: false });
      if (entry === undefined) return 'missing';
      const content = entry.isDirectory() ? 'folder' : readFileSync(path).toString('base64');
      const link = entry.isSymbolicLink() ? readlinkSync(path) : '';
      return [entry.mode, entry.uid, entry.gid, entry.nlink, link, attributesOf(path), content].join(' ');
    };
    const beside = readdirSync(this.home).filter(
      (name) => !['go', 'bin', '.cache', 'elsewhere.json', 'git-fault'].includes(name),
    );
    return JSON.stringify([of(this.goEnv), of(this.gitConfig), beside.toSorted()]);
  }

  /** Ends the engine; how many samples and which events the history holds then. */
  async end(): Promise<{ readonly samples: number; readonly events: readonly string[] }> {
    const core = this.#core;
    await this.endSecond();
    await this.#engine?.close();
    await core?.close();
    this.#engine = null;
    this.#core = null;
    const { store } = await openHistory({ file: this.historyFile, clock: systemClock });
    const samples = await store.samples('plain', 0, LATEST, 100_000);
    const events = await store.events(0, LATEST, 1_000);
    await store.close();
    return { samples: samples.length, events: events.map(({ kind }) => kind) };
  }

  /** Ends the engine whatever it says. */
  async close(): Promise<void> {
    await this.endSecond().catch(() => {});
    await this.#engine?.close().catch(() => {});
    await this.#core?.close().catch(() => {});
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

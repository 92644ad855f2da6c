/** `gopherbar` as users and scripts call it: lab servers, a scratch home, in the process of the test or as a child. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { MemoryTerminal } from './doubles/memory-terminal.ts';
import type { GoproxyServer } from './lab/goproxy-server.ts';
import { type Lab, startLab } from './lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from './lab/tree.ts';
import { createScratch, type Scratch } from './scratch.ts';

/** The root of the project. */
export const ROOT = join(import.meta.dirname, '..');

/** The lab's module as `path@version`. */
export const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface CommandLab {
  readonly lab: Lab;
  /** A proxy over plain HTTP. */
  readonly plain: GoproxyServer;
  /** A proxy over HTTP/2, whose authority only `caFile` names. */
  readonly secure: GoproxyServer;
  readonly home: Scratch;
  readonly caFile: string;
  /** Runs a command in the process of the test; `begin` where signals, terminals or several processes matter. */
  gopherbar(...args: string[]): Promise<Ended>;
  /** The same with more environment variables. */
  inEnvironment(more: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended>;
  /** Starts a command as a child, without a terminal and in English. */
  begin(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  writeSettings(settings: object): void;
  /** One endpoint, `plain`, and the profiles `one` and `two`. */
  labSettings(): object;
}

/** Registers the hooks of a test file: servers for the whole file, reset after each test; a home for each test. */
export function useCommandLab(): CommandLab {
  let lab: Lab;
  let plain: GoproxyServer;
  let secure: GoproxyServer;
  let home: Scratch;
  const caFile = () => join(home.folder, 'ca.pem');

  beforeAll(async () => {
    lab = await startLab();
    plain = await lab.proxy({ host: 'plain.lab', transport: 'http' });
    secure = await lab.proxy({ host: 'secure.lab', transport: 'h2' });
  });
  afterAll(() => lab.close());
  beforeEach(() => {
    home = createScratch();
    writeFileSync(caFile(), lab.authority.ca);
  });
  afterEach(async () => {
    await lab.reset();
    home.remove();
  });

  const inEnvironment = (more: Readonly<Record<string, string>>, ...args: string[]) =>
    new MemoryTerminal({
      env: { ...home.env, ...more },
      folder: ROOT,
      language: args.includes('zh-CN') ? 'zh-CN' : 'en',
      input: '',
    }).run(args);

  return {
    get lab() {
      return lab;
    },
    get plain() {
      return plain;
    },
    get secure() {
      return secure;
    },
    get home() {
      return home;
    },
    get caFile() {
      return caFile();
    },
    gopherbar: (...args) => inEnvironment({}, ...args),
    inEnvironment,
    begin: (args, env = {}) => {
      const { LC_ALL: _, LANGUAGE: __, ...own } = home.env;
      return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...args], {
        cwd: ROOT,
        env: { ...own, LANG: 'C', ...env },
      });
    },
    writeSettings: (settings) => home.writeSettings(settings),
    labSettings: () => ({
      builtInProfiles: false,
      endpoints: [{ url: `http://127.0.0.1:${plain.port}`, id: 'plain', module: FIXTURE_MODULE }],
      profiles: ['one', 'two'].map((id) => ({
        id,
        name: { en: `Profile ${id}`, 'zh-CN': `配置 ${id}` },
        variables: { GOPROXY: `http://127.0.0.1:${plain.port}|${id}`, GOSUMDB: FIXTURE_SUMDB },
      })),
      intervals: { visibleMs: 300, hiddenMs: 300 },
    }),
  };
}

/** Ends the input of a child and waits for its end. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin?.end();
  const [code] = await once(child, 'close');
  return { code, out, err };
}

/**
 * kill -9 at any step: whatever the files held, whatever was switched and undone before, after the next start's
 * recovery
 * they are byte for byte what they were before the interrupted step or what it would have made of them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goToolchains, type Toolchain } from '../../build/go-toolchains.ts';
import type { ChildTask } from '../../e2e/doubles/switch-child.ts';
import type { GitSetting } from '../../shared/domain/git-setting.ts';
import type { GoVariables, Profile } from '../../shared/domain/profile.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { GitCommand } from '../toolchain/git-config.ts';
import { GoCommand } from '../toolchain/go-env.ts';
import { ProfileSwitcher } from './switcher.ts';
import type { Tools } from './tools.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gopherbar-crash-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

/** One user's files: a home folder with a Go environment, a git configuration and the switcher's journal. */
class Home {
  readonly folder: string;
  readonly toolchain: Toolchain;

  constructor(name: string, toolchain: Toolchain) {
    this.folder = join(root, name);
    this.toolchain = toolchain;
    mkdirSync(this.folder, { recursive: true });
  }

  get env() {
    const { folder } = this;
    return { HOME: folder, PATH: process.env.PATH, GOENV: join(folder, 'goenv'), GIT_CONFIG_NOSYSTEM: '1' };
  }

  get tools(): Tools {
    const runner = new SystemProcessRunner(systemClock);
    return { go: new GoCommand(this.toolchain, runner, this.env), git: new GitCommand('git', runner, this.env) };
  }

  get switcher(): ProfileSwitcher {
    return new ProfileSwitcher({ folder: join(this.folder, 'journal'), clock: systemClock, log: silentLog });
  }

  write(goEnv: string | null, gitConfig: string | null): void {
    if (goEnv !== null) writeFileSync(join(this.folder, 'goenv'), goEnv, { mode: 0o640 });
    if (gitConfig !== null) writeFileSync(join(this.folder, '.gitconfig'), gitConfig, { mode: 0o600 });
  }

  /** Bytes and modes; '' = absent. */
  state(): readonly string[] {
    return ['goenv', '.gitconfig'].map((name) => {
      const path = join(this.folder, name);
      return existsSync(path) ? `${statSync(path).mode & 0o777} ${readFileSync(path, 'latin1')}` : '';
    });
  }

  /** Everything as it is now; the journal contains paths, so it is restored in the same place. */
  keep(): void {
    rmSync(this.#kept, { recursive: true, force: true, maxRetries: 5 });
    cpSync(this.folder, this.#kept, { recursive: true, preserveTimestamps: true });
  }

  putBack(): void {
    rmSync(this.folder, { recursive: true });
    cpSync(this.#kept, this.folder, { recursive: true, preserveTimestamps: true });
  }

  get #kept(): string {
    return `${this.folder}.kept`;
  }

  /** Runs one step in its own process. */
  child(profile: Profile | null, dieAt: number | null) {
    const { env, toolchain: go } = this;
    const task: ChildTask = { journal: join(this.folder, 'journal'), go, env, profile, dieAt };
    const file = join(import.meta.dirname, '../../e2e/doubles/switch-child.ts');
    const args = ['--disable-warning=ExperimentalWarning', file, JSON.stringify(task)];
    return spawnSync(process.execPath, args, { encoding: 'utf8' });
  }
}

function profile(variables: GoVariables, git: readonly GitSetting[]): Profile {
  return { id: 'test', name: 'test', explanation: '', builtIn: false, variables, git, networks: [] };
}

const goLine = fc.constantFrom('# mine', '', 'GOFLAGS=-x', 'GOPROXY=https://z.example', 'GOPRIVATE=a b', 'nonsense');
const gitText = fc.constantFrom(
  '',
  '[user]\n\tname = Zhang San # 名字\n',
  '; remarks\n[http]\n\tproxy = http://127.0.0.1:1 ; mine\n\n[url "https://m.example/"]\n\tinsteadOf = https://a.example/\n',
  '[http]\n  proxy = one\n  proxy = two\n[http "https://github.com/"] followRedirects = true\n[core]\n  editor = vi',
);
const setting = fc.constantFrom<GitSetting>(
  { key: 'http.proxy', value: 'http://127.0.0.1:7890' },
  { key: 'http.proxy', value: null },
  { key: 'http.https://github.com/.proxy', value: 'socks5://127.0.0.1:1080' },
  { key: 'http.https://github.com/.followRedirects', value: 'false' },
  { key: 'url.https://m.example/.insteadOf', value: 'https://b.example/' },
);
const variables = fc.record(
  {
    GOPROXY: fc.constantFrom('off', 'direct', 'https://a.example|direct', ''),
    GOPRIVATE: fc.constantFrom('git.corp.example', ''),
    GOINSECURE: fc.constantFrom('x.example', ''),
    GOAUTH: fc.constant('off'),
  },
  { requiredKeys: [] },
);
const aProfile = fc
  .tuple(variables, fc.uniqueArray(setting, { maxLength: 3, selector: ({ key }) => key }))
  .map(([one, git]) => profile(one, git));
const start = fc.tuple(
  fc.option(fc.array(goLine, { maxLength: 5 }).map((lines) => lines.join('\n'))),
  fc.option(gitText),
);

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s', (_version, toolchain) => {
  it('undoes any series of switches of go and git to the byte, at once or step by step', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.array(aProfile, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async ([goEnv, gitConfig], series, atOnce) => {
          const home = new Home(`undo-${n++}`, toolchain);
          home.write(goEnv, gitConfig);
          const states = [home.state()];
          for (const one of series) {
            expect(await home.switcher.apply(home.tools, one, null)).toEqual({ ok: true });
            states.push(home.state());
          }
          const [first] = await home.switcher.switches();
          if (atOnce) {
            expect(await home.switcher.undo(home.tools, first?.id)).toEqual({ ok: true, value: 'exactly' });
            expect(home.state()).toEqual(states[0]);
            return;
          }
          for (const state of states.reverse().slice(1)) {
            expect(await home.switcher.undo(home.tools)).toEqual({ ok: true, value: 'exactly' });
            expect(home.state()).toEqual(state);
          }
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('killed anywhere in a switch or an undo, the files are as before or as after', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.array(aProfile, { maxLength: 2 }),
        fc.option(aProfile),
        fc.nat(40),
        async ([goEnv, gitConfig], earlier, step, dieAt) => {
          const home = new Home(`kill-${n++}`, toolchain);
          home.write(goEnv, gitConfig);
          for (const one of earlier) await home.switcher.apply(home.tools, one, null);
          const before = home.state();
          home.keep();
          const { effects } = JSON.parse(home.child(step, null).stdout) as { effects: number };
          const after = home.state();
          home.putBack();
          if (effects === 0) return;
          expect(home.child(step, dieAt % effects).signal).toBe('SIGKILL');
          await home.switcher.recover(async () => home.tools);
          expect([before, after]).toContainEqual(home.state());
          expect(await home.switcher.recover(async () => home.tools)).toBeNull();
        },
      ),
      { numRuns: 15 },
    );
  }, 90_000);

  it('killed at every single step of one switch with go and git settings, and of its undo', async () => {
    const wanted = profile({ GOPROXY: 'https://new.example|direct', GOPRIVATE: '' }, [
      { key: 'http.proxy', value: 'http://127.0.0.1:7890' },
      { key: 'url.https://m.example/.insteadOf', value: 'https://b.example/' },
    ]);
    const home = new Home('origin', toolchain);
    home.write('# mine\nGOPRIVATE=old.example\n', '[user]\n\tname = me\n');
    const settled = new Set<unknown>();
    for (const [doing, step] of [['switch', wanted] as const, ['undo', null] as const]) {
      if (doing === 'undo') await home.switcher.apply(home.tools, wanted, null);
      const before = home.state();
      home.keep();
      const { effects } = JSON.parse(home.child(step, null).stdout) as { effects: number };
      const after = home.state();
      expect(effects).toBeGreaterThan(5);
      for (let dieAt = 0; dieAt < effects; dieAt++) {
        home.putBack();
        expect(home.child(step, dieAt).signal).toBe('SIGKILL');
        settled.add(await home.switcher.recover(async () => home.tools));
        expect([before, after], `${doing}, killed at ${dieAt} of ${effects}`).toContainEqual(home.state());
      }
      home.putBack();
    }
    // All three must have occurred: nothing open, completed, and reverted.
    expect(settled).toEqual(new Set([null, 'completed', 'taken-back']));
  }, 90_000);
});

/**
 * What a switch costs, from the click to verified: the engine's own transaction (lock, backup, intent, writes, read-back,
 * record) against the bare commands it consists of, run one after the other, in interleaved rounds; with the Go
 * environment alone and with git settings. Goal: at most 1.3 times.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GoControl } from '../../electron/profile/go-control.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { silentLog } from '../../electron/system/log.ts';
import { SystemProcessRunner } from '../../electron/system/process-runner.ts';
import { PROFILE_VARIABLES, type Profile } from '../../shared/domain/profile.ts';
import { goToolchains } from '../go-toolchains.ts';
import type { BenchOptions } from './bench-options.ts';
import { interleave, median, pairedRatio } from './rounds.ts';

const GOAL = 1.3;
const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'switch.json');

/** Two profiles to go to and fro between, so that every switch changes something. */
function profileOf(n: number, withGit: boolean): Profile {
  const variables = { GOPROXY: `https://p${n}.test|direct`, GOSUMDB: 'sum.golang.org', GOPRIVATE: `p${n}.corp.test` };
  const git = [
    { key: 'http.proxy', value: `http://127.0.0.1:${7890 + n}` },
    { key: 'http.https://github.com/.followRedirects', value: n === 0 ? 'true' : 'false' },
  ];
  return { id: `p${n}`, name: '', explanation: '', builtIn: false, variables, git: withGit ? git : [], networks: [] };
}

/** Runs the bench and prints its ratios; a full run also writes the figures. */
export async function benchSwitch({ quick }: BenchOptions): Promise<void> {
  const go = goToolchains().at(-1);
  if (go === undefined) throw new Error('no go to switch');
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-switch-bench-'));
  const env = {
    PATH: process.env.PATH,
    HOME: scratch,
    GOENV: join(scratch, 'goenv'),
    GIT_CONFIG_GLOBAL: join(scratch, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const figures: Record<string, { transactionMs: number; commandsMs: number; ratio: number }> = {};
  try {
    for (const withGit of [false, true]) {
      const control = new GoControl({
        allowedPrograms: () => [],
        runner: new SystemProcessRunner(systemClock),
        clock: systemClock,
        env,
        folder: join(scratch, `profile-${withGit}`),
        chosenPath: () => go.path,
        log: silentLog,
      });
      // As in the app: `go` was found and read long before the click.
      await control.read();
      let turn = 0;
      const ways = [
        {
          name: 'transaction',
          run: async (count: number) => {
            for (let i = 0; i < count; i++) {
              const done = await control.apply(profileOf(turn++ % 2, withGit), null);
              if (!done.ok) throw new Error(JSON.stringify(done.problem));
            }
            return undefined;
          },
          share: 0.1,
        },
        {
          name: 'commands',
          run: async (count: number) => {
            for (let i = 0; i < count; i++) await bare(go.path, profileOf(turn++ % 2, withGit), env, scratch);
            return undefined;
          },
          share: 0.1,
        },
      ];
      const [own, floor] = await interleave(ways, quick ? 3 : 21, quick ? 50 : 100);
      if (own === undefined || floor === undefined) throw new Error('nothing was measured');
      const name = withGit ? 'go and git' : 'go';
      const ratio = pairedRatio(own.wallMs, floor.wallMs);
      figures[name] = {
        transactionMs: round(median(own.wallMs)),
        commandsMs: round(median(floor.wallMs)),
        ratio: round(ratio),
      };
      console.log(
        `${name}: ${figures[name].transactionMs} ms, its commands ${figures[name].commandsMs} ms, ratio ${round(ratio)} (goal ≤ ${GOAL})`,
      );
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
  if (quick) return;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, go: go.version, ...figures };
  writeFileSync(FIGURES, `${JSON.stringify(record, null, 2)}\n`);
}

/** `go env -w`, the named read-back, and git's commands with theirs, each waited for. */
async function bare(go: string, { variables, git }: Profile, env: NodeJS.ProcessEnv, cwd: string): Promise<void> {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  await run(go, ['env', '-w', ...assignments], env, cwd);
  for (const { key, value } of git)
    await run('git', ['config', '--global', '--replace-all', key, value ?? ''], env, cwd);
  await run(go, ['env', '-json', 'GOVERSION', 'GOENV', 'GOROOT', ...PROFILE_VARIABLES], env, cwd);
  if (git.length > 0) await run('git', ['config', '--list', '-z'], env, cwd);
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...env, GOTOOLCHAIN: 'local' }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${file} ${args.join(' ')}: ${code}`))));
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A release as far as it can be tried without a Mac, GitHub and Homebrew: its checks, its files, its workflow. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import config from '../electron-builder.config.mjs';
import manifest from '../package.json' with { type: 'json' };
import { diskImage, npmPackage } from './homebrew.ts';
import { finishRelease, notesOf, releaseProblems } from './release.ts';

const root = join(import.meta.dirname, '..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-release-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CHANGELOG = `# Changelog

## Unreleased

## 0.2.0 – 2026-12-01

### Added
- One thing.

## 0.1.0 – 2026-11-26

### Added
- Another.
`;

describe('the check of a tag', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'docs'));
    write('package.json', JSON.stringify({ version: '0.2.0' }));
    write('CHANGELOG.md', CHANGELOG);
    write('docs/gopherbar.1', 'This page describes gopherbar 0.2.0.\n');
  });

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it('passes where all speak of one version', () => {
    expect(releaseProblems(folder, 'v0.2.0')).toEqual([]);
  });

  it.each([
    ['another tag', () => {}, 'v0.2.1', /the tag is v0\.2\.1/],
    [
      'no section of the version',
      () => write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n'),
      'v0.2.0',
      /has no "## 0\.2\.0/,
    ],
    [
      'a section without a date',
      () => write('CHANGELOG.md', CHANGELOG.replace('2026-12-01', 'soon')),
      'v0.2.0',
      /has no "## 0\.2\.0/,
    ],
    [
      'entries left behind',
      () => write('CHANGELOG.md', CHANGELOG.replace('Unreleased\n', 'Unreleased\n\n- Forgotten.\n')),
      'v0.2.0',
      /under "Unreleased"/,
    ],
    [
      'an old manual',
      () => write('docs/gopherbar.1', 'This page describes gopherbar 0.1.0.\n'),
      'v0.2.0',
      /gopherbar\.1/,
    ],
  ])('refuses %s', (_name, change, tag, problem) => {
    change();
    expect(releaseProblems(folder, tag).join('\n')).toMatch(problem);
  });

  it('ends with 1 and names what is wrong', () => {
    const ended = spawnSync(process.execPath, [join(root, 'build', 'release.ts'), 'check', 'v99.0.0'], {
      encoding: 'utf8',
    });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('release: the tag is v99.0.0');
  });
});

it('takes the notes of one version only', () => {
  expect(notesOf(CHANGELOG, '0.2.0')).toBe('### Added\n- One thing.');
  expect(notesOf(CHANGELOG, '0.3.0')).toBeNull();
});

it('writes checksums that the usual tool accepts, and recipes of the files by their names and hashes', () => {
  const version = manifest.version;
  for (const name of [diskImage(version), npmPackage(version)]) writeFileSync(join(folder, name), `bytes of ${name}`);
  finishRelease(folder, version);
  expect(
    execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' }).match(/: OK$/gm),
  ).toHaveLength(2);
  const recipe = (name: string) => readFileSync(join(folder, 'homebrew', name), 'utf8');
  const digest = (name: string) => createHash('sha256').update(`bytes of ${name}`).digest('hex');
  const cask = recipe('Casks/gopherbar.rb');
  expect(cask).toContain(`sha256 "${digest(diskImage(version))}"`);
  expect(cask).toContain('/v#{version}/Gopherbar-#{version}-mac-universal.dmg"');
  const formula = recipe('Formula/gopherbar-cli.rb');
  expect(formula).toContain(`/v${version}/gopherbar-${version}.tgz"`);
  expect(formula).toContain(`sha256 "${digest(npmPackage(version))}"`);
});

it('names the disk image as the builder does, and the app by its identifier', () => {
  const fill = { productName: 'Gopherbar', version: '1.2.3', os: 'mac', arch: 'universal', ext: 'dmg' };
  const named = config.artifactName?.replace(/\$\{(\w+)\}/g, (_, key: keyof typeof fill) => fill[key]);
  expect(named).toBe(diskImage('1.2.3'));
  for (const name of [diskImage('1.2.3'), npmPackage('1.2.3')]) writeFileSync(join(folder, name), '');
  finishRelease(folder, '1.2.3');
  expect(readFileSync(join(folder, 'homebrew', 'Casks', 'gopherbar.rb'), 'utf8')).toContain(`quit: "${config.appId}"`);
});

it('cannot be finished without a file that a recipe names', () => {
  expect(() => finishRelease(folder, '1.2.3')).toThrow(/ENOENT.*Gopherbar-1\.2\.3-mac-universal\.dmg/);
});

describe('the workflow', () => {
  interface Step {
    readonly run?: string;
    readonly uses?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly with?: Readonly<Record<string, string>>;
  }
  interface Workflow {
    readonly on: { readonly push: { readonly tags: readonly string[]; readonly branches?: unknown } };
    readonly permissions: Readonly<Record<string, string>>;
    readonly jobs: Readonly<
      Record<
        string,
        {
          readonly needs?: string | readonly string[];
          readonly permissions?: Readonly<Record<string, string>>;
          readonly steps: readonly Step[];
        }
      >
    >;
  }
  const text = readFileSync(join(root, '.github', 'workflows', 'release.yml'), 'utf8');
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, { steps }]) => steps);

  it('runs on tags only, and only the last job may write', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v*'] } });
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(jobs.filter(([, { permissions }]) => permissions !== undefined).map(([name]) => name)).toEqual(['publish']);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(checkouts.map(() => false));
  });

  it('publishes what was checked, packed on both systems, and nothing else', () => {
    expect(Object.fromEntries(jobs.map(([name, { needs }]) => [name, needs]))).toEqual({
      check: undefined,
      macos: 'check',
      linux: 'check',
      publish: ['macos', 'linux'],
    });
    expect(text).toContain('--draft');
  });

  it('calls scripts and files that exist, with bash that parses', () => {
    for (const { run = '' } of steps) {
      for (const [, script = ''] of run.matchAll(/npm run (?:-s )?([\w:-]+)/g))
        expect(manifest.scripts).toHaveProperty(script);
      for (const [, file = ''] of run.matchAll(/node (build\/\S+)/g))
        expect(existsSync(join(root, file)), file).toBe(true);
      expect(() => execFileSync('bash', ['-n'], { input: run, stdio: ['pipe', 'ignore', 'pipe'] })).not.toThrow();
    }
  });

  it('hands the secrets over under the names that the packaging reads', () => {
    const names = steps.flatMap(({ env = {} }) =>
      Object.entries(env).flatMap(([name, value]) => (/^\$\{\{ secrets\.\w+ \}\}$/.test(value) ? [name] : [])),
    );
    const read =
      readFileSync(join(root, 'electron-builder.config.mjs'), 'utf8') +
      readFileSync(join(root, 'build', 'package.mjs'), 'utf8');
    // The password of the certificate is read by electron-builder itself.
    for (const name of names.filter((one) => one !== 'CSC_KEY_PASSWORD')) expect(read).toContain(name);
    expect(names).toContain('CSC_LINK');
  });
});

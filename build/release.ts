/**
 * The steps of a release that a person could forget (docs/release.md):
 *
 *   node build/release.ts check v0.2.0          the tag, package.json, CHANGELOG.md and the manual speak of one version
 *   node build/release.ts notes                 what CHANGELOG.md says of this version
 *   node build/release.ts finish dist/release   checksums and Homebrew recipes for the files of a release
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caskOf, formulaOf } from './homebrew.ts';

const root = join(import.meta.dirname, '..');

/** The text below a version's heading in a changelog; null = it has no such heading, with a date. */
export function notesOf(changelog: string, version: string): string | null {
  const sections = changelog.split(/^## /m);
  const section = sections.find((one) => one.startsWith(`${version} – `));
  if (section === undefined || !/^\S+ – \d{4}-\d\d-\d\d\n/.test(section)) return null;
  return section.slice(section.indexOf('\n')).trim();
}

/** What forbids a release of a tag; [] = nothing does. `folder` holds package.json, CHANGELOG.md and docs. */
export function releaseProblems(folder: string, tag: string): readonly string[] {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { readonly version: string };
  const changelog = read('CHANGELOG.md');
  const unreleased = changelog.split(/^## /m).find((section) => section.startsWith('Unreleased'));
  return [
    ...(tag === `v${version}` ? [] : [`the tag is ${tag}, package.json says ${version}`]),
    ...(notesOf(changelog, version) === null ? [`CHANGELOG.md has no "## ${version} – YYYY-MM-DD"`] : []),
    ...(unreleased === undefined || unreleased.trim() === 'Unreleased'
      ? []
      : ['CHANGELOG.md still has entries under "Unreleased"']),
    ...(read('docs/gopherbar.1').includes(`gopherbar ${version}`)
      ? []
      : ['docs/gopherbar.1 is of another version: npm run man:page']),
  ];
}

/** Writes SHA256SUMS and the recipes beside the files of a release. Throws when a file that a recipe names is missing. */
export function finishRelease(folder: string, version: string): void {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS')
    .map(({ name }) => name)
    .sort();
  writeFileSync(join(folder, 'SHA256SUMS'), files.map((name) => `${digest(name)}  ${name}\n`).join(''));
  const recipes = join(folder, 'homebrew');
  mkdirSync(join(recipes, 'Casks'), { recursive: true });
  mkdirSync(join(recipes, 'Formula'), { recursive: true });
  writeFileSync(join(recipes, 'Casks', 'gopherbar.rb'), caskOf(version, digest));
  writeFileSync(join(recipes, 'Formula', 'gopherbar-cli.rb'), formulaOf(version, digest));
}

/** Notes for a build: of its version, or none while that is not in the changelog. */
export function ownNotes(): string {
  return notesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), ownVersion()) ?? '';
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version;
}

function main([command, argument = '']: readonly string[]): number {
  switch (command) {
    case 'check': {
      const problems = releaseProblems(root, argument);
      for (const problem of problems) console.error(`release: ${problem}`);
      return problems.length === 0 ? 0 : 1;
    }
    case 'notes':
      console.log(ownNotes());
      return 0;
    case 'finish':
      finishRelease(argument, ownVersion());
      return 0;
    default:
      console.error('usage: node build/release.ts check TAG | notes | finish FOLDER');
      return 2;
  }
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));

/**
 * The documentation names only what exists: links with their headings, and files and folders of this repository in backticks.
 * Decisions carry a date and a status.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkProblems } from './doc-links.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDERS = /^(?:electron|shared|renderer|e2e|build|docs|\.github)\/[\w./-]*$/;

const problems = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], { cwd: root }).flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...brokenLinks(file, text), ...missingFiles(file, text), ...undatedDecision(file, text)];
});
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

/**
 * @param {string} file
 * @param {string} text
 */
function brokenLinks(file, text) {
  const read = (/** @type {string} */ path) => {
    const target = join(root, dirname(file), path);
    if (!existsSync(target)) return null;
    return target.endsWith('.md') ? readFileSync(target, 'utf8') : '';
  };
  return linkProblems(text, read).map((problem) => `${file}: ${problem}`);
}

/**
 * @param {string} file
 * @param {string} text
 */
function missingFiles(file, text) {
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => FOLDERS.test(name) && !existsSync(join(root, name)))
    .map((name) => `${file}: \`${name}\` does not exist`);
}

/**
 * @param {string} file
 * @param {string} text
 */
function undatedDecision(file, text) {
  if (!file.startsWith('docs/decisions/')) return [];
  return /^\d{4}-\d{2}-\d{2} · Status: (?:accepted|superseded by \d{4})$/m.test(text)
    ? []
    : [`${file}: needs a line such as "2026-11-23 · Status: accepted" under its title`];
}

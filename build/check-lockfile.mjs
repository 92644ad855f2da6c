/**
 * The lockfile must be complete for every platform (npm drops optional platform packages it cannot see, and `npm ci`
 * then fails elsewhere) and must record no download addresses.
 */
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const problems = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.resolved?.startsWith('http')) problems.push(`${path} records a download address`);
  for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
    if (!isLocked(path, name)) problems.push(`${path || 'package.json'} wants ${name}, which is not locked`);
  }
}
for (const problem of problems) console.error(`package-lock.json: ${problem}`);
console.error(`lockfile: ${problems.length === 0 ? 'complete, without addresses' : `${problems.length} problems`}`);
process.exit(problems.length === 0 ? 0 : 1);

/**
 * Whether node's own look-up from a package's folder would find the name.
 * @param {string} path
 * @param {string} name
 */
function isLocked(path, name) {
  for (let at = path; ; ) {
    if (Object.hasOwn(lock.packages, `${at === '' ? '' : `${at}/`}node_modules/${name}`)) return true;
    if (at === '') return false;
    const parent = at.lastIndexOf('/node_modules/');
    at = parent < 0 ? '' : at.slice(0, parent);
  }
}

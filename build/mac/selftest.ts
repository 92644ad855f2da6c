/**
 * `npm run mac:selftest`: every reader on a real Mac. Runs the reads that need no password, and says of each what it gave
 * and which lines it did not understand: a report to send when something is not read rightly. Nothing is changed, nothing
 * is sent, and user names are taken out.
 */
import { execFileSync } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { scrubber } from '../../electron/doctor/scrub.ts';
import { type CatalogueEntry, READS, routeTo, signatureOf } from '../../electron/macos/catalogue.ts';
import { isAvailable } from '../../electron/macos/gather.ts';
import { parseOutput } from '../../electron/macos/parse-command.ts';
import { readTcc } from '../../electron/macos/tcc.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { SystemProcessRunner } from '../../electron/system/process-runner.ts';

const scrub = scrubber({ home: homedir(), user: userInfo().username, privateGlobs: '', privateHosts: [] });
const runner = new SystemProcessRunner(systemClock);

if (!isAvailable('/')) {
  console.log('These commands are macOS’s: there is nothing to test on this system.');
} else {
  let strange = 0;
  for (const entry of [...READS, routeTo('default'), ...goSignature()]) strange += await tryEntry(entry);
  for (const file of [
    '/Library/Application Support/com.apple.TCC/TCC.db',
    `${homedir()}/Library/Application Support/com.apple.TCC/TCC.db`,
  ]) {
    const outcome = readTcc(file);
    console.log(
      `${scrub(file)}: ${outcome.ok ? `schema ${outcome.report.schemaDigest}, ${outcome.report.rows.length} rows` : outcome.why}`,
    );
  }
  console.log(
    strange === 0 ? 'Every line was understood.' : `${strange} lines were not understood: please report them.`,
  );
  process.exitCode = strange === 0 ? 0 : 1;
}

async function tryEntry({ id, file, args }: CatalogueEntry): Promise<number> {
  const outcome = await runner.run({
    file,
    args,
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    timeoutMs: 10_000,
  });
  if (outcome.ended === 'not-started') {
    console.log(`${id}: not started (${outcome.code})`);
    return 0;
  }
  const parsed = parseOutput(id, outcome.stdout.trim() === '' ? outcome.stderr : outcome.stdout);
  if (parsed === null) {
    console.log(`${id}: no reader`);
    return 1;
  }
  console.log(`${id}: ${scrub(JSON.stringify(parsed.value))}`);
  for (const { line, text } of parsed.unread) console.log(`  line ${line} was not understood: ${scrub(text)}`);
  return parsed.unread.length;
}

function goSignature(): readonly CatalogueEntry[] {
  try {
    return [signatureOf(execFileSync('/usr/bin/which', ['go'], { encoding: 'utf8' }).trim())];
  } catch {
    return [];
  }
}

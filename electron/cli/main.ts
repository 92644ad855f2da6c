/** The `gopherbar` command: a composition root. The code of a command is loaded only when it is called. */
import { systemClock } from '../system/clock.ts';
import { errorCode, errorMessage } from '../system/error-facts.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { VERSION } from './version.ts';

// No top-level await: the installed command is a CommonJS bundle.
const isApp = process.versions.electron !== undefined;
const given = process.argv.slice(isApp ? process.argv.indexOf('--cli') + 1 : 2);
// Read by libuv at the pool's first use: name look-ups of concurrent probes must not wait for each other. Starting that
// many threads takes 4 ms, though.
if (!readsOnly(given)) process.env.UV_THREADPOOL_SIZE ??= '128';
// Until the command has said how it ended, it has failed.
process.exitCode = EXIT.finding;
void main(given).then((code) => {
  // The installed command runs in the app's executable (see electron/main.ts), which only ends on an explicit exit.
  if (isApp) process.exit(code);
  process.exitCode = code;
});

/** Ends by the code of the command; a closed output ends it early without an error. */
async function main(args: readonly string[]): Promise<ExitCode> {
  const interrupted = new AbortController();
  // SIGHUP: the terminal was closed. Without a listener the process ends at once and leaves its children behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  let outputEnd: NodeJS.ErrnoException | null = null;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      outputEnd ??= error;
      interrupted.abort();
    });
  }
  // Scripts and prompts ask for it often; it needs nothing of what follows.
  if (args.length === 1 && args[0] === '--version') {
    process.stdout.write(`${VERSION}\n`);
    return EXIT.ok;
  }
  const [{ languageIn, runCli }, { terminalIo }] = await Promise.all([import('./run.ts'), import('./cli-io.ts')]);
  // The clock's timers keep no process alive: one that only waits, for a retry, would end here as if it had succeeded.
  const alive = setInterval(() => {}, 2_147_483_647);
  const code = await runCli(args, terminalIo(languageIn(args), interrupted.signal), systemClock).finally(() =>
    clearInterval(alive),
  );
  if (outputEnd === null) return code;
  // `gopherbar status | head` closes the pipe early; a full disk loses what was asked for.
  if (errorCode(outputEnd) === 'EPIPE') return EXIT.ok;
  process.stderr.write(`gopherbar: ${errorMessage(outputEnd)}\n`);
  return EXIT.finding;
}

/** The commands that prompts and scripts call most, when they contact nobody. */
function readsOnly(args: readonly string[]): boolean {
  const [name = 'status'] = args;
  return name === 'explain' || (name === 'status' && !args.includes('--probe'));
}

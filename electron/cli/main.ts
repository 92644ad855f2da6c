/** The `gopherbar` command: a composition root. The code of a command is loaded only when it is called. */
import { systemClock } from '../system/clock.ts';
import { errorCode } from '../system/error-facts.ts';
import { terminalIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { languageIn, runCli } from './run.ts';

// Read by libuv at its first use: name look-ups of concurrent probes must not wait for each other.
process.env.UV_THREADPOOL_SIZE ??= '128';

// No top-level await: the installed command is a CommonJS bundle.
const isApp = process.versions.electron !== undefined;
void main(process.argv.slice(isApp ? process.argv.indexOf('--cli') + 1 : 2)).then((code) => {
  // The installed command runs in the app's executable (see electron/main.ts), which only ends on an explicit exit.
  if (isApp) process.exit(code);
  process.exitCode = code;
});

function main(args: readonly string[]): Promise<ExitCode> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  // `gopherbar status | head` closes the pipe early, which is not an error.
  process.stdout.on('error', (error) => process.exit(errorCode(error) === 'EPIPE' ? EXIT.ok : EXIT.finding));
  return runCli(args, terminalIo(languageIn(args), interrupted.signal), systemClock);
}

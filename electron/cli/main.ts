/** The `gopherbar` command: a composition root. Each command's code is loaded only when it is called. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { systemClock } from '../system/clock.ts';
import { errorCode, errorMessage } from '../system/error-facts.ts';
import { type CliIo, terminalIo } from './cli-io.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

// Read by libuv at its first use: name look-ups of concurrent probes must not wait for each other.
process.env.UV_THREADPOOL_SIZE ??= '16';

const EXIT_CODES = `
Exit codes: 0 ok; 1 unhealthy, failed or a finding; 2 wrong usage; 130 interrupted.`;

// No top-level await: the installed command is a CommonJS bundle.
const isApp = process.versions.electron !== undefined;
void main(process.argv.slice(isApp ? process.argv.indexOf('--cli') + 1 : 2)).then((code) => {
  // Within the app's program (the installed command, see main.ts) only an explicit end is one.
  if (isApp) process.exit(code);
  process.exitCode = code;
});

async function main(args: readonly string[]): Promise<ExitCode> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  // `gopherbar status | head` closes the pipe early: that is no error of ours.
  process.stdout.on('error', (error) => process.exit(errorCode(error) === 'EPIPE' ? EXIT.ok : EXIT.finding));
  let code: ExitCode = EXIT.ok;
  const program = describe(async (lang, act) => {
    code = await act(terminalIo(lang, interrupted.signal));
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const words = errorMessage(error);
    process.stderr.write(`gopherbar: ${words}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.finding;
  }
}

type Act = (io: CliIo) => Promise<ExitCode>;

/** Names the commands and what they take. */
function describe(run: (lang: string | undefined, act: Act) => Promise<void>): Command {
  const program = new Command('gopherbar')
    .description('Health, causes and one-command fixes for Go module downloads')
    .version(VERSION)
    .option('--lang <language>', 'en or zh-CN (default: your locale)')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  const start = (act: Act) => run(program.opts<{ lang?: string }>().lang, act);

  program
    .command('probe <url>')
    .description('measure one endpoint now')
    .option('--kind <kind>', 'goproxy, sumdb, vcs, dns, forward-proxy or module', 'goproxy')
    .option('--module <path@version>', 'goproxy, sumdb: the module to ask for')
    .option('--key <verifier key>', 'sumdb, goproxy: the key of the checksum database')
    .option('--target <name or URL>', 'dns: the name to ask for; forward-proxy: the URL to ask for through it')
    .option('--ca <file>', 'trust this PEM certificate as well')
    .option('--resolve <host:port:address>', 'connect to this address instead of resolving (repeatable)', gather)
    .option('--resolver <address:port>', 'ask this DNS server')
    .option('--forward-proxy <URL>', 'go through this proxy')
    .option('--light', 'one request only')
    .option('--experiments', 'when it fails, try again with one thing changed at a time')
    .option('--other-resolver <address:port>', 'experiment with this DNS server, too')
    .option('--other-proxy <URL>', 'experiment with this forward proxy, too')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', `\nExample: gopherbar probe goproxy.cn --module golang.org/x/text@v0.3.0\n${EXIT_CODES}`)
    .action((url, options) =>
      start(async (io) => (await import('./commands/probe.ts')).probeCommand(url, options, io, systemClock)),
    );
  program
    .command('canary <module@version...>')
    .description('really download modules with go, into an empty cache')
    .option('--profile <name>', 'as with this profile, without switching to it')
    .option('--timeout <seconds>', 'give up after', positive)
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', `\nExample: gopherbar canary golang.org/x/text@v0.3.0 --profile china-pipe\n${EXIT_CODES}`)
    .action((modules, options) =>
      start(async (io) => (await import('./commands/canary.ts')).canaryCommand(modules, options, io, systemClock)),
    );
  program
    .command('lag <module...>')
    .description('compare how fresh your proxies are for a module')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', `\nExample: gopherbar lag golang.org/x/text\n${EXIT_CODES}`)
    .action((modules, { json = false }) =>
      start(async (io) => (await import('./commands/lag.ts')).lagCommand(modules, json, io, systemClock)),
    );
  program
    .command('explain [file]')
    .description('say what an output of go or git means (a file, or - for standard input)')
    .option('--json', 'print JSON (schema 1)')
    .option('--lang <language>', 'en or zh-CN')
    .addHelpText('after', `\nExample: go mod download 2>&1 | gopherbar explain\n${EXIT_CODES}`)
    .action((file = '-', { json = false, lang }: { json?: boolean; lang?: string }) =>
      run(lang ?? program.opts<{ lang?: string }>().lang, async (io) =>
        (await import('./commands/explain.ts')).explainCommand(file, json, io),
      ),
    );
  program
    .command('capture')
    .description('say what went wrong in a packet capture (.pcap, .pcapng)')
    .requiredOption('--file <file>', 'the capture: tcpdump -w, or Wireshark')
    .option(
      '--record <host>',
      'macOS: first record packets of this host into the file (repeatable; asks for a password)',
      gather,
    )
    .option('--seconds <seconds>', 'how long to record (default: 30)', positive)
    .option('--keylog <file>', 'secrets of its TLS connections (SSLKEYLOGFILE): HTTP/2 frames are read, too')
    .option('--tshark', 'let an installed tshark take the packets apart')
    .option('--json', 'print JSON (schema 1)')
    .option('--lang <language>', 'en or zh-CN')
    .addHelpText(
      'after',
      `\nExample: sudo tcpdump -i en0 -w go.pcap 'port 443 or port 53', then gopherbar capture --file go.pcap\n${EXIT_CODES}`,
    )
    .action(
      (options: {
        file: string;
        record?: string[];
        seconds?: number;
        keylog?: string;
        tshark?: boolean;
        json?: boolean;
        lang?: string;
      }) =>
        run(options.lang ?? program.opts<{ lang?: string }>().lang, async (io) =>
          (await import('./commands/capture.ts')).captureCommand(options, io, systemClock),
        ),
    );
  program
    .command('doctor [target]')
    .description('why downloads fail, from the network to the settings, and what helps')
    .option('--json', 'as JSON (docs/schemas/doctor.schema.json)')
    .option('--md', 'as a report for an issue tracker')
    .option('--unredacted', 'keep names of users, private modules and internal hosts in --json and --md')
    .option('--doh-profile <file>', 'only write a configuration profile for DNS over HTTPS')
    .addHelpText('after', `\nExample: gopherbar doctor golang.org/x/text@v0.3.0\n${EXIT_CODES}`)
    .action((target, options) =>
      start(async (io) => (await import('./commands/doctor.ts')).doctorCommand(target, options, io, systemClock)),
    );

  const policy = program
    .command('policy')
    .description('what macOS itself blocks: packet filter, content filters, routes, resolvers, privacy');
  // A command of its own: an option of `policy` itself would swallow that of `policy parse`.
  policy
    .command('read', { isDefault: true })
    .description('read this Mac (what `policy` alone does)')
    .option('--privileged', 'ask for an administrator password, once, to read the packet filter')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action((options) =>
      start(async (io) => (await import('./commands/policy.ts')).policyCommand(options, io, systemClock)),
    );
  policy
    .command('parse <file>')
    .description('read a recorded output of pfctl, scutil, socketfilterfw … (- for standard input)')
    .requiredOption('--command <command>', 'the command that printed it, such as "pfctl -sr"')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', `\nExample: gopherbar policy parse --command "pfctl -sr" rules.txt --json\n${EXIT_CODES}`)
    .action((file, options) =>
      start(async (io) => (await import('./commands/policy-files.ts')).policyParseCommand(file, options, io)),
    );
  policy
    .command('decide')
    .description('what pf would do with a connection, by a listing of its rules')
    .requiredOption('--rules <file>', 'output of pfctl -sr')
    .requiredOption('--to <host:port>', 'where to')
    .option('--proto <protocol>', 'tcp, udp … (default: tcp)')
    .option('--iface <name>', 'the interface it leaves by')
    .option('--user <uid>', 'whose process it is')
    .option('--anchor <path=file>', 'rules of an anchor: output of pfctl -a PATH -sr (repeatable)', gather)
    .option('--table <name=file>', 'output of pfctl -t NAME -T show (repeatable)', gather)
    .option('--status <file>', 'output of pfctl -s info')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText(
      'after',
      `\nExample: gopherbar policy decide --rules rules.txt --to proxy.golang.org:443\n${EXIT_CODES}`,
    )
    .action((options) =>
      start(async (io) => (await import('./commands/policy-files.ts')).policyDecideCommand(options, io, systemClock)),
    );
  program
    .command('verify <module@version>')
    .description('on a SECURITY ERROR: whose copy of a module is wrong')
    .option('--go-sum <file>', 'the go.sum to compare with (default: that of this folder)')
    .option('--direct', 'fetch it from its source as well')
    .option('--json', 'print JSON (schema 1): the evidence')
    .addHelpText('after', `\nExample: gopherbar verify golang.org/x/text@v0.3.0\n${EXIT_CODES}`)
    .action((module, options) =>
      start(async (io) => (await import('./commands/verify.ts')).verifyCommand(module, options, io, systemClock)),
    );
  program
    .command('trace [module@version]')
    .description('trace a real download by go, or read a saved trace: where it stuck, and why')
    .option('--file <file>', 'read this trace (go -x with GODEBUG=http2debug=1 or 2) instead')
    .option('--save <file>', 'keep the trace, without passwords')
    .option('--frames', 'frame by frame (http2debug=2)')
    .option('--timeout <seconds>', 'stop it after (default: 60)', positive)
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', `\nExample: gopherbar trace golang.org/x/text@v0.3.0\n${EXIT_CODES}`)
    .action((module, options) =>
      start(async (io) => (await import('./commands/trace.ts')).traceCommand(module, options, io, systemClock)),
    );
  program
    .command('watch')
    .description('probe on a schedule and show a live table (q quits)')
    .option('--for <seconds>', 'end by itself', positive)
    .addHelpText('after', EXIT_CODES)
    .action((options: { for?: number }) =>
      start(async (io) => (await import('./commands/watch.ts')).watchCommand(options.for, io, systemClock)),
    );
  program
    .command('status')
    .description('show what was measured last, and how long ago')
    .option('--probe', 'measure now instead')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action((options) =>
      start(async (io) => (await import('./commands/status.ts')).statusCommand(options, io, systemClock)),
    );
  program
    .command('history [endpoint]')
    .description('show incidents and events, or export what is stored')
    .option('--since <span>', 'such as 30m, 24h or 7d (default: 7d)')
    .option('--csv', 'every sample as CSV')
    .option('--json', 'samples, incidents and events as JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action((endpoint, options) =>
      start(async (io) => (await import('./commands/history.ts')).historyCommand(endpoint, options, io, systemClock)),
    );
  program
    .command('profiles')
    .description('list the profiles; the active one is what go env says')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action(({ json = false }) =>
      start(async (io) => (await import('./commands/profiles.ts')).profilesCommand(json, io, systemClock)),
    );
  program
    .command('use <name>')
    .description('switch go to a profile')
    .addHelpText('after', EXIT_CODES)
    .action((name) => start(async (io) => (await import('./commands/profiles.ts')).useCommand(name, io, systemClock)));
  program
    .command('undo')
    .description('take the last switch back, to the byte')
    .option('--steps <number>', 'take so many back', positive)
    .addHelpText('after', EXIT_CODES)
    .action(({ steps = 1 }: { steps?: number }) =>
      start(async (io) => (await import('./commands/profiles.ts')).undoCommand(steps, io, systemClock)),
    );
  program
    .command('diff <name>')
    .description('show what a switch to a profile would change')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action((name, { json = false }) =>
      start(async (io) => (await import('./commands/diff.ts')).diffCommand(name, json, io, systemClock)),
    );
  program
    .command('why <module>')
    .description('walk the way go would take to a module now')
    .option('--profile <name>', 'as under this profile')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', `\nExample: gopherbar why golang.org/x/text --profile china-pipe\n${EXIT_CODES}`)
    .action((module, options) =>
      start(async (io) => (await import('./commands/why.ts')).whyCommand(module, options, io, systemClock)),
    );
  program
    .command('lint [dir]')
    .description('find what will bite in the settings of go and git')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action((dir, { json = false }) =>
      start(async (io) => (await import('./commands/lint.ts')).lintCommand(dir, json, io, systemClock)),
    );
  program
    .command('preflight [dir]')
    .description('say what a build of a project would fetch, from where, and what would go wrong')
    .option('--profile <name>', 'as under this profile')
    .option('--all', 'list every missing module')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action((dir, options) =>
      start(async (io) => (await import('./commands/preflight.ts')).preflightCommand(dir, options, io, systemClock)),
    );
  program
    .command('effective')
    .description('say which value of each variable wins in terminals and apps, and why')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action(({ json = false }) =>
      start(async (io) => (await import('./commands/effective.ts')).effectiveCommand(json, io, systemClock)),
    );
  program
    .command('hosts')
    .description('list every host that is contacted, and why')
    .option('--json', 'print JSON (schema 1)')
    .addHelpText('after', EXIT_CODES)
    .action(({ json = false }) =>
      start(async (io) => (await import('./commands/hosts.ts')).hostsCommand(json, io, systemClock)),
    );
  return program;
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number of seconds above 0 is wanted.');
  return value;
}

/**
 * The same report from tshark's decoding: a second opinion, and a way to read link types this reader does not know. tshark takes
 * the packets apart as far as TCP and UDP; what they mean is judged by the same code.
 */
import { resolve } from 'node:path';
import type { CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import { printable } from './bytes.ts';
import { CaptureAnalysis, type CaptureReport } from './capture.ts';
import { readCapture } from './capture-file.ts';
import type { KeyLog } from './decrypt/key-log.ts';
import type { CaptureProblem } from './problem.ts';
import { type TcpSegment, tcpFlags, type UdpDatagram, withPort } from './transport.ts';

/** How tshark is run. */
export interface TsharkOptions {
  readonly runner: ProcessRunner;
  /** The PATH to look it up in; where Wireshark's installers put it is searched as well. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  /** Secrets of the capture's TLS connections. */
  readonly keys?: KeyLog | null | undefined;
}

const FIELDS = [
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'ip.ttl',
  'ip.id',
  'ip.flags.df',
  'ip.frag_offset',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.hlim',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.len',
  'tcp.payload',
  'udp.srcport',
  'udp.dstport',
  'udp.payload',
  'sll.pkttype',
  'sll.hatype',
] as const;
type Field = (typeof FIELDS)[number];
type Row = Readonly<Record<Field, string>>;

const FIELD_ARGUMENTS = [
  '-T',
  'fields',
  '-E',
  'separator=/t',
  '-E',
  'occurrence=f',
  ...FIELDS.flatMap((one) => ['-e', one]),
];

const OTHER_PLACES = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin', '/Applications/Wireshark.app/Contents/MacOS'];
/** Three digits for each byte of payload: enough for captures of some 40 MB. */
const MAX_OUTPUT_BYTES = 128 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/** Asks tshark. Never rejects: what it could not do stands in `problems`. */
export async function analyseWithTshark(path: string, options: TsharkOptions): Promise<CaptureReport> {
  const analysis = new CaptureAnalysis(options.keys ?? null);
  // Secrets that the file carries tshark keeps to itself.
  await readCapture(path, () => {}, { onSecrets: (keyLog) => analysis.addSecrets(keyLog), signal: options.signal });
  const ended = await tshark([...commonArguments(path), ...FIELD_ARGUMENTS], options);
  const problems: CaptureProblem[] = [...problemsOf(ended)];
  if (ended.ended === 'not-started') return analysis.report(problems);
  // A full buffer ends in the middle of a line, as does a tshark that was stopped.
  const rows = ended.stdout.split('\n').slice(0, -1).map(rowOf);
  const isTalkingReset = (row: Row) => tcpFlags(Number(row['tcp.flags'])).rst && Number(row['tcp.len']) > 0;
  const payloads = rows.some(isTalkingReset) ? await resetPayloads(path, options) : [];
  for (const row of rows)
    addRow(analysis, isTalkingReset(row) ? { ...row, 'tcp.payload': payloads.shift() ?? '' } : row);
  return analysis.report(problems);
}

function tshark(args: readonly string[], { runner, path, signal }: TsharkOptions): Promise<CommandOutcome> {
  return runner.run({
    file: 'tshark',
    args,
    // A person's own Wireshark settings would change what it prints.
    env: {
      PATH: [path, ...OTHER_PLACES].join(':'),
      LC_ALL: 'C',
      WIRESHARK_CONFIG_DIR: '/nonexistent',
      HOME: '/nonexistent',
    },
    timeoutMs: TIMEOUT_MS,
    signal,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
}

function problemsOf(ended: CommandOutcome): readonly CaptureProblem[] {
  switch (ended.ended) {
    case 'not-started':
      return [ended.code === 'ENOENT' ? { key: 'tshark-missing' } : { key: 'tshark-failed', detail: ended.code }];
    case 'killed':
      return [ended.by === 'cancel' ? { key: 'cancelled', offset: 0 } : { key: 'tshark-failed', detail: ended.by }];
    case 'exited': {
      const isFull = Buffer.byteLength(ended.stdout) >= MAX_OUTPUT_BYTES;
      const lastWords = printable(ended.stderr.trim().split('\n').at(-1) ?? '');
      return [
        ...(isFull ? [{ key: 'tshark-too-long' } as const] : []),
        ...(ended.exitCode === 0 ? [] : [{ key: 'tshark-failed', detail: lastWords } as const]),
      ];
    }
  }
}

/** What resets carry tshark takes for words and prints as such; only its JSON has the bytes. Hex, in the file's order. */
async function resetPayloads(path: string, options: TsharkOptions): Promise<string[]> {
  const filter = ['-Y', 'tcp.flags.reset == 1 && tcp.len > 0', '-T', 'json', '-x', '-J', 'tcp'];
  const ended = await tshark([...commonArguments(path), ...filter], options);
  if (ended.ended !== 'exited') return [];
  try {
    const packets = JSON.parse(ended.stdout) as readonly { _source?: { layers?: { tcp?: Record<string, unknown> } } }[];
    return packets.map(({ _source }) => {
      const cause = _source?.layers?.tcp?.['tcp.reset_cause_raw'];
      return Array.isArray(cause) && typeof cause[0] === 'string' ? cause[0] : '';
    });
  } catch {
    return [];
  }
}

/** No name look-ups, no reassembly of fragments: every line is one packet as it was. */
function commonArguments(path: string): readonly string[] {
  return ['-n', '-r', resolve(path), '-o', 'ip.defragment:FALSE', '-o', 'ipv6.defragment:FALSE'];
}

function rowOf(line: string): Row {
  const values = line.split('\t');
  return Object.fromEntries(FIELDS.map((field, index) => [field, values[index] ?? ''])) as Row;
}

function addRow(analysis: CaptureAnalysis, row: Row): void {
  const atMs = Number(row['frame.time_epoch']) * 1_000;
  if (!Number.isFinite(atMs)) return;
  analysis.countPacket(atMs);
  // On the loopback interface of Linux's "any" each packet is seen twice: leaving (4) and arriving.
  if (Number(row['sll.pkttype']) === 4 && Number(row['sll.hatype']) === 772) return;
  const transport = transportOf(row, atMs);
  if (transport !== null) analysis.add(transport);
}

function transportOf(row: Row, atMs: number): TcpSegment | UdpDatagram | null {
  if (row['ip.frag_offset'] !== '' && Number(row['ip.frag_offset']) > 0) return null;
  const isTcp = row['tcp.srcport'] !== '' && row['tcp.flags'] !== '';
  if (!isTcp && row['udp.srcport'] === '') return null;
  const kind = isTcp ? 'tcp' : 'udp';
  const [sourcePort, targetPort] = [Number(row[`${kind}.srcport`]), Number(row[`${kind}.dstport`])];
  const isV4 = row['ip.src'] !== '';
  const common = {
    atMs,
    sourcePort,
    targetPort,
    source: withPort(isV4 ? row['ip.src'] : row['ipv6.src'], sourcePort),
    target: withPort(isV4 ? row['ip.dst'] : row['ipv6.dst'], targetPort),
    ttl: Number(isV4 ? row['ip.ttl'] : row['ipv6.hlim']),
    id: isV4 ? Number(row['ip.id']) : null,
    dontFragment: isV4 ? /^(?:1|true|0x0*1)$/i.test(row['ip.flags.df']) : null,
    payload: Buffer.from(row[`${kind}.payload`].replaceAll(':', ''), 'hex'),
  };
  if (!isTcp) return { protocol: 'udp', ...common };
  return {
    protocol: 'tcp',
    ...common,
    sequence: Number(row['tcp.seq_raw']),
    acknowledged: Number(row['tcp.ack_raw']),
    flags: tcpFlags(Number(row['tcp.flags'])),
    window: Number(row['tcp.window_size_value']),
    wireLength: Number(row['tcp.len']),
  };
}

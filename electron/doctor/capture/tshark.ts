/**
 * The same report from tshark's decoding: a second opinion, and a way to read link types this reader does not know. tshark takes
 * the packets apart as far as TCP and UDP; what they mean is judged by the same code.
 */
import { resolve } from 'node:path';
import type { ProcessRunner } from '../../system/process-runner.ts';
import { printable } from './bytes.ts';
import { CaptureAnalysis, type CaptureReport } from './capture.ts';
import type { CaptureProblem } from './problem.ts';
import { type TcpSegment, tcpFlags, type UdpDatagram, withPort } from './transport.ts';

export interface TsharkOptions {
  readonly runner: ProcessRunner;
  /** The PATH to look it up in; where Wireshark's installers put it is searched as well. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

const FIELDS = [
  ...['frame.time_epoch', 'ip.src', 'ip.dst', 'ip.ttl', 'ip.id', 'ip.flags.df', 'ip.frag_offset'],
  ...['ipv6.src', 'ipv6.dst', 'ipv6.hlim', 'tcp.srcport', 'tcp.dstport', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.flags'],
  ...['tcp.window_size_value', 'tcp.len', 'tcp.payload', 'udp.srcport', 'udp.dstport', 'udp.payload'],
  ...['sll.pkttype', 'sll.hatype'],
] as const;
type Field = (typeof FIELDS)[number];
type Row = Readonly<Record<Field, string>>;

const OTHER_PLACES = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin', '/Applications/Wireshark.app/Contents/MacOS'];
/** Three digits for each byte of payload: enough for captures of some 40 MB. */
const MAX_OUTPUT_BYTES = 128 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/** Asks tshark. Never rejects: what it could not do stands in `problems`. */
export async function analyseWithTshark(
  path: string,
  { runner, path: env, signal }: TsharkOptions,
): Promise<CaptureReport> {
  const ended = await runner.run({
    file: 'tshark',
    args: tsharkArguments(path),
    // A person's own Wireshark settings would change what it prints.
    env: {
      PATH: [env, ...OTHER_PLACES].join(':'),
      LC_ALL: 'C',
      WIRESHARK_CONFIG_DIR: '/nonexistent',
      HOME: '/nonexistent',
    },
    timeoutMs: TIMEOUT_MS,
    signal,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  const analysis = new CaptureAnalysis();
  if (ended.ended === 'not-started') {
    const problem: CaptureProblem =
      ended.code === 'ENOENT' ? { key: 'tshark-missing' } : { key: 'tshark-failed', detail: ended.code };
    return analysis.report([problem]);
  }
  // A full buffer ends in the middle of a line, as does a tshark that was stopped.
  const lines = ended.stdout.split('\n').slice(0, -1);
  for (const line of lines) addLine(analysis, line);
  const problems: CaptureProblem[] = [];
  if (Buffer.byteLength(ended.stdout) >= MAX_OUTPUT_BYTES) problems.push({ key: 'tshark-too-long' });
  if (ended.ended === 'killed') {
    const isCancelled = ended.by === 'cancel';
    problems.push(isCancelled ? { key: 'cancelled', offset: 0 } : { key: 'tshark-failed', detail: ended.by });
  } else if (ended.exitCode !== 0) {
    problems.push({ key: 'tshark-failed', detail: printable(ended.stderr.trim().split('\n').at(-1) ?? '') });
  }
  return analysis.report(problems);
}

/** No name look-ups, no reassembly of fragments: every line is one packet as it was. */
export function tsharkArguments(path: string): readonly string[] {
  const preferences = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE'].flatMap((one) => ['-o', one]);
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  return [
    '-n',
    '-r',
    resolve(path),
    ...preferences,
    '-T',
    'fields',
    '-E',
    'separator=/t',
    '-E',
    'occurrence=f',
    ...fields,
  ];
}

function addLine(analysis: CaptureAnalysis, line: string): void {
  const values = line.split('\t');
  const row = Object.fromEntries(FIELDS.map((field, index) => [field, values[index] ?? ''])) as Row;
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

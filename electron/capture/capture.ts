/**
 * Reading a packet capture: what happened to every connection and DNS question in it, and why the failed ones failed.
 *
 * One packet goes one way: capture-file (pcap, pcapng) → link-layer → ip-packet → transport → connection (order, TLS, HTTP,
 * facts) or dns-questions; at the end judge turns facts into verdicts. Memory is bounded whatever the file holds, nothing in it
 * makes this throw, and what could not be read is named beside what could. Nothing is sent anywhere: a capture is read offline.
 */
import type { EpochMs } from '../../shared/domain/units.ts';
import { type ReadOptions, readCapture } from './capture-file.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import { KeyLog } from './decrypt/key-log.ts';
import { type DnsQuestion, DnsQuestions } from './dns-questions.ts';
import { parseIp } from './ip-packet.ts';
import { judge } from './judge.ts';
import { ipPacketOf, type Program, programOf } from './link-layer.ts';
import type { RawPacket } from './pcap-format.ts';
import type { CaptureProblem } from './problem.ts';
import { TcpConnection } from './tcp-connection.ts';
import { ByteBudget } from './tcp-direction.ts';
import { parseTransport, type TcpSegment, type UdpDatagram } from './transport.ts';
import type { CaptureVerdict } from './verdict.ts';

/** One TCP connection: what was seen, and what it means. */
export interface JudgedConnection {
  readonly facts: ConnectionFacts;
  readonly verdict: CaptureVerdict;
  /** The program on the Mac that captured it (pktap); null = the capture does not say. */
  readonly program: Program | null;
}

/** Everything that a capture holds, judged; times are UTC epoch ms. */
export interface CaptureReport {
  /** Packets in the file, also such as are not followed. */
  readonly packets: number;
  /** Of the first and the last packet; null when there is none. */
  readonly beganAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  readonly connections: readonly JudgedConnection[];
  readonly questions: readonly DnsQuestion[];
  readonly problems: readonly CaptureProblem[];
}

/** More than a browser opens in a day; a scan of ports has more, and the first ones tell. */
const MAX_CONNECTIONS = 10_000;
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** How a capture is analysed: as it is read, with the secrets of its TLS connections. */
export interface CaptureOptions extends Omit<ReadOptions, 'onSecrets'> {
  /** Secrets of its TLS connections; those in the file itself are used as well. */
  readonly keys?: KeyLog | null | undefined;
}

/** Reads and judges a file. Never rejects: whatever is wrong with it stands in `problems`. */
export async function analyseCapture(
  path: string,
  { keys = null, ...options }: CaptureOptions = {},
): Promise<CaptureReport> {
  const analysis = new CaptureAnalysis(keys);
  const onSecrets = (keyLog: string) => analysis.addSecrets(keyLog);
  const problem = await readCapture(path, (packet) => analysis.addRaw(packet), { ...options, onSecrets });
  return analysis.report(problem === null ? [] : [problem]);
}

/** Takes packets, or what another program has decoded of them, and gives the report. */
export class CaptureAnalysis {
  #keys: KeyLog | null;
  readonly #dns = new DnsQuestions();
  readonly #budget = new ByteBudget(MAX_KEPT_BYTES);
  readonly #connections: TcpConnection[] = [];
  readonly #current = new Map<string, TcpConnection>();
  readonly #programs = new Map<TcpConnection, Program>();
  readonly #unknownLinks = new Map<number, number>();
  #packets = 0;
  #undecodable = 0;
  #fragments = 0;
  #untimed = 0;
  #leftOut = 0;
  #beganAt: EpochMs | null = null;
  #endedAt: EpochMs | null = null;

  /** `keys`: secrets of TLS connections, where they are known. */
  constructor(keys: KeyLog | null = null) {
    this.#keys = keys;
  }

  addRaw({ atMs, linkType, bytes, timed }: RawPacket): void {
    this.countPacket(atMs);
    if (!timed) this.#untimed++;
    const content = ipPacketOf(linkType, bytes);
    if (content === 'unknown') this.#unknownLinks.set(linkType, (this.#unknownLinks.get(linkType) ?? 0) + 1);
    if (typeof content === 'string') return;
    const ip = parseIp(content);
    if (ip === 'fragment') this.#fragments++;
    const transport = typeof ip === 'string' ? ip : parseTransport(ip, atMs);
    if (transport === 'damaged') this.#undecodable++;
    if (transport !== null && typeof transport !== 'string') this.add(transport, programOf(linkType, bytes));
  }

  /** A key log that the capture itself carries. */
  addSecrets(keyLog: string): void {
    this.#keys ??= new KeyLog();
    this.#keys.add(keyLog);
  }

  countPacket(atMs: EpochMs): void {
    this.#packets++;
    this.#beganAt = Math.min(this.#beganAt ?? atMs, atMs);
    this.#endedAt = Math.max(this.#endedAt ?? atMs, atMs);
  }

  add(one: TcpSegment | UdpDatagram, program: Program | null = null): void {
    if (one.protocol === 'udp') this.#dns.accept(one);
    else this.#addSegment(one, program);
  }

  report(problems: readonly CaptureProblem[]): CaptureReport {
    const endedAt = this.#endedAt ?? 0;
    const facts = this.#connections.map((connection) => connection.facts());
    const programs = this.#connections.map((connection) => this.#programs.get(connection) ?? null);
    const answered = answeredHellos(facts);
    return {
      packets: this.#packets,
      beganAt: this.#beganAt,
      endedAt: this.#endedAt,
      connections: facts.map((one, i) => ({
        facts: one,
        program: programs[i] ?? null,
        verdict: judge(one, { endedAt, answeredHellos: answered.get(one.server) ?? [] }),
      })),
      questions: this.#dns.questions(endedAt),
      problems: [...problems, ...this.#problems(), ...keyProblems(facts)],
    };
  }

  #addSegment(segment: TcpSegment, program: Program | null): void {
    const { source, target } = segment;
    const key = source < target ? `${source} ${target}` : `${target} ${source}`;
    let connection = this.#current.get(key);
    if (connection === undefined || connection.isAnother(segment)) {
      connection?.release();
      if (this.#connections.length >= MAX_CONNECTIONS) {
        this.#current.delete(key);
        this.#leftOut++;
        return;
      }
      connection = new TcpConnection(segment, this.#budget, this.#keys);
      this.#connections.push(connection);
      this.#current.set(key, connection);
    }
    connection.accept(segment);
    if (program !== null && !this.#programs.has(connection)) this.#programs.set(connection, program);
    // Whatever still comes of it needs no decoding.
    if (connection.isOver) connection.release();
  }

  #problems(): readonly CaptureProblem[] {
    const counted = (key: 'undecodable-packets' | 'fragments' | 'no-time-stamps' | 'too-many', packets: number) =>
      packets === 0 ? [] : [{ key, packets }];
    return [
      ...[...this.#unknownLinks].map(
        ([linkType, packets]) => ({ key: 'unknown-link-type', linkType, packets }) as const,
      ),
      ...counted('undecodable-packets', this.#undecodable),
      ...counted('fragments', this.#fragments),
      ...counted('no-time-stamps', this.#untimed),
      ...counted('too-many', this.#leftOut + this.#dns.leftOut),
    ];
  }
}

/** Secrets that belong to another capture are a mistake worth telling. */
function keyProblems(facts: readonly ConnectionFacts[]): readonly CaptureProblem[] {
  const tried = facts.flatMap(({ inside }) => inside?.decryption ?? []);
  return tried.length > 0 && tried.every((one) => one === 'no-keys') ? [{ key: 'keys-of-others' }] : [];
}

/** By server: the sizes of the ClientHellos it has answered. */
function answeredHellos(facts: readonly ConnectionFacts[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { server, clientHello, serverHello } of facts) {
    if (clientHello === null || serverHello === null) continue;
    const sizes = found.get(server) ?? [];
    sizes.push(clientHello.bytes);
    found.set(server, sizes);
  }
  return found;
}

/** DNS over UDP: which questions were asked and what came back. A resolver answers once; two different answers are forgery. */
import { BlockList } from 'node:net';
import * as packet from 'dns-packet';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import { isPublicName, judgeAddress } from '../probe/dns-message.ts';
import { printable, u16 } from './bytes.ts';
import type { UdpDatagram } from './transport.ts';
import { type CaptureEvidence, SILENCE_MS } from './verdict.ts';

/** What came of a question. */
export type DnsVerdictId =
  | 'healthy'
  | 'incomplete'
  /** More answers than questions, and they differ. */
  | 'duplicate-dns-answer'
  /** An answer from the range local proxies use. */
  | 'dns-local-proxy'
  /** A public name resolved to an address that no public host can have. */
  | 'dns-bogus-answer'
  | 'dns-no-such-name'
  | 'dns-error'
  | 'dns-no-answer';

/** One answer to a question; a resolver gives one. */
export interface DnsAnswer {
  /** Since the first time the question was asked. */
  readonly atMs: DurationMs;
  /** `NOERROR`, `NXDOMAIN` … */
  readonly rcode: string;
  readonly addresses: readonly string[];
  /** Of the DNS header, hex: `8180` from a resolver, `8400` from some injectors. */
  readonly flags: string;
  /** Of the IP packet. */
  readonly ttl: number;
}

/** One question with every answer to it. */
export interface DnsQuestion {
  readonly client: string;
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly askedAt: EpochMs;
  /** How often it was asked; 0 when only an answer was captured. Also in the JSON report. */
  readonly tries: number;
  readonly answers: readonly DnsAnswer[];
  readonly verdict: {
    readonly id: DnsVerdictId;
    readonly confidence: number;
    readonly evidence: readonly CaptureEvidence[];
  };
}

const DNS_PORT = 53;
const MAX_QUESTIONS = 10_000;
const MAX_ANSWERS = 8;
/** The same id and port are a new question after this; stub resolvers repeat within 5 s. */
const NEW_QUESTION_MS = 15_000;

/** IPv6 pools of the national injectors beside those no public host has (N4P#466, FOCI 2020). */
const forgedPool = new BlockList();
forgedPool.addSubnet('2a03:2880:f100::', 40, 'ipv6');

interface Open {
  readonly client: string;
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly askedAt: EpochMs;
  tries: number;
  answers: (DnsAnswer & { readonly signature: string })[];
}

/** Gathers questions and answers. */
export class DnsQuestions {
  readonly #all: Open[] = [];
  readonly #current = new Map<string, Open>();
  /** Datagrams left out because there were too many questions. */
  leftOut = 0;

  /** Whether the datagram was one of DNS. */
  accept(datagram: UdpDatagram): boolean {
    const isAnswer = datagram.sourcePort === DNS_PORT;
    if (!isAnswer && datagram.targetPort !== DNS_PORT) return false;
    const message = decode(datagram.payload);
    const question = message?.questions?.[0];
    if (message === null || question === undefined || (message.type === 'response') !== isAnswer) return false;
    const [client, server] = isAnswer ? [datagram.target, datagram.source] : [datagram.source, datagram.target];
    const name = printable(question.name.toLowerCase());
    const open = this.#find(
      [client, server, message.id, name, question.type].join(' '),
      datagram.atMs,
      isAnswer,
      () => ({
        client,
        server,
        name,
        type: question.type,
        askedAt: datagram.atMs,
        tries: 0,
        answers: [],
      }),
    );
    if (open === null) this.leftOut++;
    else if (!isAnswer) open.tries++;
    else if (open.answers.length < MAX_ANSWERS) open.answers.push(answerOf(message, datagram, open.askedAt));
    return true;
  }

  #find(key: string, atMs: EpochMs, isAnswer: boolean, make: () => Open): Open | null {
    const known = this.#current.get(key);
    const isOld = known !== undefined && !isAnswer && atMs - known.askedAt > NEW_QUESTION_MS;
    if (known !== undefined && !isOld) return known;
    if (this.#all.length >= MAX_QUESTIONS) return null;
    const made = make();
    this.#all.push(made);
    this.#current.set(key, made);
    return made;
  }

  questions(endedAt: EpochMs): readonly DnsQuestion[] {
    return this.#all.map((open) => ({
      ...open,
      answers: open.answers.map(({ signature: _, ...answer }) => answer),
      verdict: judge(open, endedAt),
    }));
  }
}

/** dns-packet throws at damaged messages. */
function decode(bytes: Uint8Array): packet.DecodedPacket | null {
  try {
    return packet.decode(Buffer.from(bytes));
  } catch {
    return null;
  }
}

function answerOf(
  message: packet.DecodedPacket,
  { payload, atMs, ttl }: UdpDatagram,
  askedAt: EpochMs,
): Open['answers'][number] {
  const answers = message.answers ?? [];
  const addresses = answers.flatMap((one) => (one.type === 'A' || one.type === 'AAAA' ? [one.data] : []));
  const rcode = (message as { rcode?: string }).rcode ?? 'NOERROR';
  // The order and the times to live change from answer to answer; the contents do not.
  const contents = answers.map((one) => `${one.type} ${JSON.stringify('data' in one ? one.data : null)}`).sort();
  const flags = u16(payload, 2).toString(16).padStart(4, '0');
  return { atMs: atMs - askedAt, rcode, addresses, flags, ttl, signature: [rcode, ...contents].join(' ') };
}

function judge(open: Open, endedAt: EpochMs): DnsQuestion['verdict'] {
  const { answers, tries, name } = open;
  const seen: CaptureEvidence[] = answers.map(({ atMs, addresses, rcode, flags, ttl }) => ({
    key: 'dns-answer',
    params: { ms: Math.round(atMs), what: addresses.join(' ') || rcode, flags: `0x${flags}`, ttl },
  }));
  const [first] = answers;
  if (first === undefined) {
    const silence = endedAt - open.askedAt;
    if (silence < SILENCE_MS && tries < 2)
      return { id: 'incomplete', confidence: 0.7, evidence: [{ key: 'ended-early', params: {} }] };
    const evidence: CaptureEvidence[] = [
      { key: 'dns-silence', params: { tries, seconds: Math.round(silence / 100) / 10 } },
    ];
    return { id: 'dns-no-answer', confidence: 0.85, evidence };
  }
  if (answers.length > Math.max(1, tries) && new Set(answers.map(({ signature }) => signature)).size > 1) {
    const isFar = answers.some(({ ttl }) => Math.abs(ttl - first.ttl) > 1);
    const extra: CaptureEvidence[] = [
      ...(isFar ? [{ key: 'dns-ttl-differs', params: {} } as const] : []),
      ...poolEvidence(answers),
    ];
    const confidence = tries === 0 ? 0.7 : isFar || extra.length > 0 ? 0.95 : 0.85;
    return { id: 'duplicate-dns-answer', confidence, evidence: [...seen, ...extra] };
  }
  const kinds = answers.flatMap(({ addresses }) => addresses.map(judgeAddress));
  if (kinds.includes('fake-ip')) return { id: 'dns-local-proxy', confidence: 0.9, evidence: seen };
  if (kinds.includes('bogus') && isPublicName(name)) return { id: 'dns-bogus-answer', confidence: 0.8, evidence: seen };
  if (first.rcode === 'NXDOMAIN') return { id: 'dns-no-such-name', confidence: 0.9, evidence: seen };
  if (first.rcode !== 'NOERROR') return { id: 'dns-error', confidence: 0.9, evidence: seen };
  return { id: 'healthy', confidence: 0.9, evidence: seen };
}

function poolEvidence(answers: readonly DnsAnswer[]): readonly CaptureEvidence[] {
  const isForged = (address: string) =>
    judgeAddress(address) === 'bogus' || (address.includes(':') && forgedPool.check(address, 'ipv6'));
  const forged = answers.flatMap(({ addresses }) => addresses).find(isForged);
  return forged === undefined ? [] : [{ key: 'dns-pool', params: { address: forged } }];
}

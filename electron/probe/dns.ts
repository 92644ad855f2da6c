/**
 * The probe of a DNS resolver, over UDP, TCP, TLS or HTTPS: both kinds of address for one name, and a name that cannot
 * exist. A resolver that answers is not enough: it must not make answers up, and they must be possible.
 */

import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { bareHost } from '../../shared/domain/host.ts';
import type { Failure, Note, ProbeResult, ProbeStep, StepName } from '../../shared/domain/result.ts';
import { parseUrl } from '../system/web.ts';
import { type Connection, openConnection } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { askStream, askUdp, type Question } from './dns-exchange.ts';
import { encodeQuestion, isPublicName, judgeAddress, type Reply, readReply } from './dns-message.ts';
import { below, failedBeforeSteps, httpUrl, type Judgement, runHttpProbe } from './http-steps.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeRequest } from './probe-pool.ts';
import { requestRecord } from './requester.ts';
import { resolveHost } from './resolver.ts';
import { assemble, baseOf, type ResultBase, type StepOutcome } from './result-of-steps.ts';
import { trustSet } from './trust.ts';

/** The name asked for unless the settings name another. */
export const DEFAULT_NAME = 'proxy.golang.org';

const PORTS = { 'udp:': 53, 'tcp:': 53, 'tls:': 853 } as const;

interface Server {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
}

interface Asked extends Question {
  readonly step: StepName;
}

/** Probes a `dns` endpoint. Never rejects. */
export async function probeDns(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  const { endpoint, depth } = request;
  const base = baseOf(request, context.clock.now());
  const name = endpoint.target ?? DEFAULT_NAME;
  const random = `${randomBytes(8).toString('hex')}.${randomBytes(4).toString('hex')}.com`;
  const addresses: readonly Asked[] = [
    { step: 'a', name, type: 'A' },
    { step: 'aaaa', name, type: 'AAAA' },
  ];
  const questions =
    depth === 'light'
      ? addresses.slice(0, 1)
      : [...addresses, { step: 'random-name', name: random, type: 'A' } as const];
  try {
    if (endpoint.url.startsWith('https:')) return await overHttps(request, context, questions);
    return await overSockets(request, context, base, readServer(endpoint.url), questions);
  } catch (error) {
    return failedBeforeSteps(base, error);
  }
}

function readServer(text: string): Server {
  const url = parseUrl(text);
  const protocol = url?.protocol as keyof typeof PORTS | undefined;
  if (url === null || protocol === undefined || !(protocol in PORTS) || url.hostname === '') {
    throw new PhaseError(
      'request',
      'dns-resolver-unreachable',
      `${text} names no resolver: udp://, tcp://, tls:// or https://`,
    );
  }
  return {
    transport: protocol.slice(0, -1) as Server['transport'],
    host: bareHost(url.hostname),
    port: url.port === '' ? PORTS[protocol] : Number(url.port),
  };
}

async function overSockets(
  request: ProbeRequest,
  { clock, signal, transfer, onStep, overHttps }: ProbeContext,
  base: ResultBase,
  server: Server,
  questions: readonly Asked[],
): Promise<ProbeResult> {
  const findings = new Findings();
  const outcomes: StepOutcome[] = [];
  for (const asked of questions) {
    const deadline = { clock, signal, transfer, overHttps, endsAt: clock.monotonic() + request.limits.hard.totalMs };
    const outcome = await runQuestion(request, server, asked, deadline, findings, base.url);
    outcomes.push(outcome);
    onStep?.();
    if (outcome.failure !== null && outcome.step.advisory !== true) break;
  }
  return withFindings(assemble(base, outcomes, request), findings);
}

async function runQuestion(
  request: ProbeRequest,
  server: Server,
  asked: Asked,
  deadline: Deadline,
  findings: Findings,
  shownUrl: string,
): Promise<StepOutcome> {
  const { clock } = deadline;
  const record = requestRecord();
  record.hops.push(shownUrl);
  const began = clock.monotonic();
  let failure: Failure | null = null;
  let verifyMs: number | null = null;
  try {
    const replies = await ask(request, server, asked, deadline, record.first);
    const received = clock.monotonic();
    failure = findings.judge(asked, replies);
    verifyMs = clock.monotonic() - received;
  } catch (error) {
    if (!(error instanceof PhaseError)) throw error;
    failure = error.toFailure();
  }
  const { connect = 0, tls = 0, dns = 0, request: written = 0, response = 0 } = record.first.phases;
  // Without the wait for a second reply: that is not the resolver's time.
  const totalMs = failure === null ? dns + connect + tls + written + response : clock.monotonic() - began;
  const step: ProbeStep = {
    name: asked.step,
    url: shownUrl,
    outcome: failure === null ? 'ok' : 'failed',
    durationMs: totalMs,
    cause: failure?.cause,
    phase: failure?.phase,
    advisory: isAdvisory(asked, findings) ? true : undefined,
  };
  return { step, record, totalMs, failure, verifyMs, unexpected: null };
}

/** A name that has an address of one family is reached: a problem with the other is shown, but fails nothing. */
function isAdvisory({ step }: Asked, findings: Findings): boolean {
  return step === 'aaaa' && findings.hasAddress;
}

async function ask(
  { limits, network }: ProbeRequest,
  server: Server,
  asked: Asked,
  deadline: Deadline,
  record: ReturnType<typeof requestRecord>['first'],
): Promise<readonly Reply[]> {
  const { host, port, transport } = server;
  if (transport === 'udp') {
    const [first] =
      isIP(host) === 0 ? await resolveHost(host, network, deadline, limits.hard.dialMs) : [{ address: host }];
    const address = first?.address ?? host;
    record.remote = { address, port, family: address.includes(':') ? 6 : 4 };
    return askUdp(address, port, asked, { deadline, limits, record });
  }
  const options = { network, trust: trustSet(network.extraCa ?? []), limits, deadline };
  let connection: Connection | null = null;
  try {
    connection = await openConnection({ secure: transport === 'tls', host, port }, options, record);
    return await askStream(connection.socket, asked, { deadline, limits, record });
  } finally {
    const facts = connection?.handshake?.facts();
    if (facts !== undefined) record.tls = facts;
    connection?.socket.destroy();
  }
}

/** DNS over HTTPS (RFC 8484), by GET so that caches may answer as they would anyone. */
async function overHttps(
  request: ProbeRequest,
  context: ProbeContext,
  questions: readonly Asked[],
): Promise<ProbeResult> {
  const findings = new Findings();
  const result = await runHttpProbe(request, context, async (runner) => {
    const base = httpUrl(request.endpoint.url);
    const path = base.pathname === '/' ? below(base, 'dns-query') : base;
    for (const asked of questions) {
      const url = new URL(path);
      url.searchParams.set('dns', encodeQuestion(0, asked.name, asked.type).toString('base64url'));
      const { failure } = await runner.run({
        name: asked.step,
        url,
        headers: { accept: 'application/dns-message' },
        maxBytes: 64 * 1024,
        advisory: isAdvisory(asked, findings),
        judge: ({ status, body }) => {
          if (status !== 200) {
            return { cause: 'dns-server-misbehaving', phase: 'response', message: `HTTP status ${status}` };
          }
          const reply = readReply(body, 0, asked.name, asked.type);
          if (reply !== null) return findings.judge(asked, [reply]);
          return { cause: 'dns-server-misbehaving', phase: 'verify', message: 'the answer is no DNS message' };
        },
      });
      if (failure !== null && !isAdvisory(asked, findings)) return;
    }
  });
  return withFindings(result, findings);
}

/** What the replies of one probe add up to. */
class Findings {
  readonly answers: string[] = [];
  readonly notes = new Set<Note>();
  #addresses = 0;

  get hasAddress(): boolean {
    return this.#addresses > 0;
  }

  judge({ step, name, type }: Asked, replies: readonly Reply[]): Judgement {
    const [first, ...others] = replies;
    if (first === undefined) return null;
    const shown = first.addresses.length > 0 ? first.addresses.slice(0, 8).join(' ') : first.rcode;
    this.answers.push(`${type} ${step === 'random-name' ? '(random name)' : name}: ${shown}`);
    if (others.some((other) => !sameAnswer(first, other))) {
      const both = replies.map(({ addresses, rcode }) => addresses.join(' ') || rcode).join(' / ');
      return bad('dns-injected', `several replies to one question: ${both}`);
    }
    if (
      first.rcode === 'SERVFAIL' ||
      first.rcode === 'REFUSED' ||
      first.rcode === 'NOTIMP' ||
      first.rcode === 'FORMERR'
    ) {
      return bad('dns-server-misbehaving', `the server answered ${first.rcode}`);
    }
    if (step === 'random-name') {
      if (first.addresses.length === 0) return null;
      if (first.addresses.every((address) => judgeAddress(address) === 'fake-ip')) return this.#localProxy();
      return bad('dns-nxdomain-hijacked', `a name that cannot exist is at ${first.addresses.join(' ')}`);
    }
    return this.#judgeAddresses(step, name, first);
  }

  #judgeAddresses(step: StepName, name: string, { rcode, addresses }: Reply): Judgement {
    this.#addresses += addresses.length;
    const kinds = new Set(addresses.map(judgeAddress));
    if (kinds.has('fake-ip')) this.#localProxy();
    if (kinds.has('bogus') && isPublicName(name))
      return bad('dns-bogus-answer', `${name} is said to be at ${addresses.join(' ')}`);
    if (rcode === 'NXDOMAIN') return bad('dns-no-such-host', `${name}: NXDOMAIN`);
    // A host may lack one family, not both.
    if (step === 'aaaa' && this.#addresses === 0) return bad('dns-no-such-host', `${name} has no address`);
    return null;
  }

  #localProxy(): null {
    this.notes.add('fake-ip');
    return null;
  }
}

function bad(cause: NonNullable<Judgement>['cause'], message: string): Judgement {
  return { cause, phase: 'verify', message: message.slice(0, 500) };
}

/** The order is arbitrary, and a repeated packet is not another answer. */
function sameAnswer(a: Reply, b: Reply): boolean {
  return a.rcode === b.rcode && [...a.addresses].sort().join() === [...b.addresses].sort().join();
}

function withFindings(result: ProbeResult, { answers, notes }: Findings): ProbeResult {
  if (result.outcome === 'cancelled') return result;
  const more = { answers, ...(notes.size === 0 ? {} : { notes: [...notes] }) };
  return { ...result, evidence: { ...result.evidence, ...more } };
}

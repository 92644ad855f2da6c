/** Names to addresses: pinned answers, a chosen DNS server (also over HTTPS), or the system's resolver as `go` on macOS uses it. */
import * as dns from 'node:dns';
import { isIP } from 'node:net';
import { errorFacts, errorMessage } from '../system/error-facts.ts';
import { classifyDns, phaseError } from './classify.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import { type ResolvedAddress, withFamily } from './resolved-address.ts';

/** How long the second family is waited for once the first has answered (RFC 8305 §3). */
const RESOLUTION_DELAY_MS = 50;

/** A lost UDP packet is sent again after this long; the dial limit ends it all. */
const RESEND_AFTER_MS = 1_000;
const TRIES = 4;

/** The addresses of a host that needs no look-up: pinned ones, or the literal address it is; null for a name. */
export function knownAddresses(host: string, port: number, network: ProbeNetwork): readonly ResolvedAddress[] | null {
  const pinned = network.pinned?.filter((one) => one.host.toLowerCase() === host.toLowerCase() && one.port === port);
  if (pinned !== undefined && pinned.length > 0) {
    return pinned.map(({ address, toPort }) => ({ ...withFamily(address), port: toPort }));
  }
  return isIP(host) === 0 ? null : [withFamily(host)];
}

/** Looks a name up within the dial limit. Rejects with a PhaseError of phase `dns`, or CancelledError. */
export function resolveHost(
  host: string,
  network: ProbeNetwork,
  deadline: Deadline,
  limitMs: number,
): Promise<readonly ResolvedAddress[]> {
  const onTimeout = () =>
    new PhaseError('dns', 'dns-timeout', `no answer for ${host} within ${Math.round(limitMs)} ms`);
  return withDeadline(deadline, limitMs, onTimeout, (resolve, reject) => {
    const refuse = (error: unknown) => reject(phaseError('dns', classifyDns(errorFacts(error)), errorFacts(error)));
    // RFC 6761 §6.3: localhost is this machine, whatever server is asked for other names.
    const server = /^(?:.*\.)?localhost\.?$/i.test(host) ? undefined : network.resolver;
    if (server === undefined) return askSystem(host, resolve, refuse);
    if (/^https:/i.test(server)) return askHttps(host, server, network, deadline, resolve, reject);
    return askServer(host, server, deadline, resolve, refuse);
  });
}

type Resolve = (addresses: readonly ResolvedAddress[]) => void;
type Refuse = (error: unknown) => void;

function askSystem(host: string, resolve: Resolve, refuse: Refuse): () => void {
  dns.lookup(host, { all: true, verbatim: true }, (error, addresses) => {
    if (error !== null) refuse(error);
    else resolve(addresses.map(({ address }) => withFamily(address)));
  });
  // getaddrinfo cannot be cancelled; its answer is dropped.
  return () => {};
}

function askHttps(
  host: string,
  server: string,
  network: ProbeNetwork,
  { overHttps }: Deadline,
  resolve: Resolve,
  reject: (error: Error) => void,
): () => void {
  const cancel = new AbortController();
  const fail = (error: unknown) =>
    reject(
      error instanceof PhaseError ? error : new PhaseError('dns', 'dns-resolver-unreachable', errorMessage(error)),
    );
  if (overHttps === undefined) fail(new Error('DNS over HTTPS is not available here'));
  else overHttps(host, server, network, cancel.signal).then(resolve, fail);
  return () => cancel.abort();
}

function askServer(host: string, server: string, { clock }: Deadline, resolve: Resolve, refuse: Refuse): () => void {
  const resolver = new dns.Resolver({ timeout: RESEND_AFTER_MS, tries: TRIES });
  try {
    resolver.setServers([server]);
  } catch (error) {
    refuse(error);
    return () => {};
  }
  const found: ResolvedAddress[] = [];
  const errors: Error[] = [];
  let answers = 0;
  let stopTimer = () => {};
  const finish = () => {
    stopTimer();
    if (found.length > 0) resolve(found);
    // "No such record" of one family says less than the failure of the other.
    else refuse(errors.find((error) => errorFacts(error).code !== 'ENODATA') ?? errors[0]);
    resolver.cancel();
  };
  const take = (error: Error | null, addresses: readonly string[]) => {
    if (error !== null) errors.push(error);
    else found.push(...addresses.map(withFamily));
    answers += 1;
    if (answers === 2) finish();
    else if (found.length > 0) stopTimer = clock.after(RESOLUTION_DELAY_MS, finish);
  };
  resolver.resolve4(host, take);
  resolver.resolve6(host, take);
  return () => {
    stopTimer();
    resolver.cancel();
  };
}

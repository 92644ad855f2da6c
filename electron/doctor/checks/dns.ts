/**
 * The subject's name: what the system's resolver says beside others, over UDP, TLS and HTTPS. Large sites answer
 * differently everywhere, so that another address alone proves nothing: an address is right when the server there has a
 * valid certificate for the name.
 */

import { isIP } from 'node:net';
import type { CheckNote } from '../../../shared/domain/doctor.ts';
import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import { bareHost, httpOriginOf } from '../../../shared/domain/host.ts';
import { type ShellCommand, shellCommand } from '../../../shared/domain/shell-command.ts';
import type { DiagnosisContext, Measured } from '../diagnosis-context.ts';
import { type CheckResult, type DoctorCheck, found, NOT_NEEDED, note } from './check.ts';

/** Addresses of one answer that are tried. */
const TRIED = 2;

/** A handshake that takes longer proves nothing. */
const VALIDATION_MS = 3_000;

/** The subject's name, compared across resolvers. */
export const dnsCheck: DoctorCheck = {
  id: 'dns',
  needs: ['network'],
  run: async (context) => {
    const { subject } = context;
    const origin = subject === null ? null : httpOriginOf(subject.url);
    if (subject === null || origin === null) return NOT_NEEDED;
    if (isIP(origin.host) !== 0) {
      return { status: 'not-needed', notes: [note('dns-literal', { host: origin.host })], commands: [] };
    }
    // The forward proxy resolves it.
    if (context.forwardProxyOf(subject.url) !== null) return NOT_NEEDED;
    return compare(context, subject, origin.host);
  },
};

async function compare(context: DiagnosisContext, subject: Endpoint, host: string): Promise<CheckResult> {
  // The name of a private module's host is sent only to the resolvers that the system would ask.
  const resolvers = context.isSecret ? [] : context.ports.settings.resolvers;
  const [system, references] = await Promise.all([
    context.ports.lookUp(host),
    Promise.all(resolvers.map(async (url) => ({ url, result: await context.measure(resolverEndpoint(url, host)) }))),
  ]);
  const notes: CheckNote[] = [await systemNote(context, host, system)];
  for (const { url, result } of references) {
    if (result === null) continue;
    const addresses = addressesOf(result, host);
    notes.push(
      addresses.length > 0
        ? note('dns-reference', { resolver: url, addresses: addresses.join(' ') })
        : note('dns-reference-fails', {
            resolver: url,
            cause: result.outcome === 'failed' ? result.failure.cause : 'dns-no-such-host',
          }),
    );
  }
  const others = [...new Set(references.flatMap(({ result }) => (result === null ? [] : addressesOf(result, host))))];
  const [own, theirs] = await Promise.all([
    firstValid(context, subject, system ?? []),
    firstValid(context, subject, others.filter((address) => !system?.includes(address)).slice(0, TRIED * 2)),
  ]);
  if (own !== null) notes.push(note('dns-valid', { host, address: own }));
  else if (theirs !== null && (system?.length ?? 0) > 0) {
    notes.push(note('dns-lies', { host, address: system?.[0] ?? '', right: theirs }, 'error'));
  } else if (theirs !== null) notes.push(note('dns-system-fails', { host, right: theirs }, 'error'));
  else if ((system?.length ?? 0) > 0 && others.length > 0 && !others.some((one) => system?.includes(one))) {
    notes.push(note('dns-differs', { host }, 'warning'));
  }
  return found(notes, commands(host, resolvers));
}

async function systemNote(
  context: DiagnosisContext,
  host: string,
  system: readonly string[] | null,
): Promise<CheckNote> {
  if (system === null) {
    // How it failed is known from the measurement of the same name, which runs anyway.
    const result = await context.subjectResult();
    const isDns = result?.outcome === 'failed' && result.failure.phase === 'dns';
    return note('cause', { cause: isDns ? result.failure.cause : 'dns-timeout', host }, 'error');
  }
  if (system.length === 0) return note('cause', { cause: 'dns-no-such-host', host }, 'error');
  return note('dns-system', { host, addresses: system.join(' ') });
}

/** The first address at which the server proves to be the host; null = none of those tried. */
async function firstValid(
  context: DiagnosisContext,
  subject: Endpoint,
  addresses: readonly string[],
): Promise<string | null> {
  const origin = httpOriginOf(subject.url);
  if (origin === null) return null;
  const request = context.request(subject);
  const hard = {
    dialMs: VALIDATION_MS,
    tlsMs: VALIDATION_MS,
    headerMs: VALIDATION_MS,
    totalMs: VALIDATION_MS * 2,
  };
  const tried = await Promise.all(
    addresses.slice(0, TRIED * 2).map(async (address) => {
      const pinned = [{ host: origin.host, port: origin.port, address }];
      const result = await context.ports.pool.probe(
        { ...request, depth: 'light', limits: { ...request.limits, hard }, network: { ...request.network, pinned } },
        context.signal,
      );
      const proved = result.outcome === 'ok' || (result.outcome === 'failed' && result.phases.request !== undefined);
      // Without TLS there is no proof of identity: only a valid module proxy response counts.
      return origin.secure ? proved : result.outcome === 'ok';
    }),
  );
  return addresses.find((_, i) => tried[i] === true) ?? null;
}

function resolverEndpoint(url: string, host: string): Endpoint {
  return { id: url, kind: 'dns', name: url, url, target: host };
}

/** What a resolver's measurement says of the name; [] when nothing. */
function addressesOf({ evidence }: Measured, host: string): readonly string[] {
  return (evidence.answers ?? []).flatMap((answer) => {
    const [head, rest] = answer.split(': ', 2);
    if (head !== `A ${host}` && head !== `AAAA ${host}`) return [];
    return (rest ?? '').split(' ').filter((word) => isIP(word) !== 0);
  });
}

function commands(host: string, resolvers: readonly string[]): readonly ShellCommand[] {
  // dig knows no `--`: -q takes what follows as a name.
  return [
    shellCommand('dig', ['+noall', '+answer', '-q', host, '-t', 'A', '-q', host, '-t', 'AAAA']),
    ...resolvers.map((url) => {
      const { protocol, hostname } = new URL(url);
      const at = bareHost(hostname);
      if (protocol === 'tls:') return shellCommand('kdig', ['+tls', `@${at}`, '-q', host]);
      if (protocol === 'https:')
        return shellCommand('curl', [
          '-sS',
          '--doh-url',
          url,
          '-o',
          '/dev/null',
          '-w',
          '%{remote_ip}',
          '--',
          `https://${host}/`,
        ]);
      return shellCommand('dig', ['+short', `@${at}`, '-q', host]);
    }),
  ];
}

/** Names by DNS over HTTPS (RFC 8484), through the HTTP client: for the resolver of the settings, not for measurements. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { HttpClient } from '../system/http-client.ts';
import { encodeQuestion, type RecordType, type Reply, readReply } from './dns-message.ts';
import { PhaseError } from './phase-error.ts';
import { type ResolvedAddress, withFamily } from './resolved-address.ts';

/** A DNS message has at most 64 KiB (RFC 1035 §4.2.2). */
const MAX_BYTES = 64 * 1024;

/** The addresses of both families. Rejects with a PhaseError of phase `dns` when neither could be found. */
export async function askOverHttps(
  client: HttpClient,
  server: string,
  host: string,
  signal: AbortSignal,
): Promise<readonly ResolvedAddress[]> {
  const name = host.replace(/\.$/, '');
  const asked = await Promise.all((['A', 'AAAA'] as const).map((type) => ask(client, server, name, type, signal)));
  const found = asked.flatMap((one) => (one instanceof PhaseError ? [] : one.addresses));
  if (found.length > 0) return found.map(withFamily);
  // "No such record" of one family says less than the failure of the other.
  throw asked.find((one) => one instanceof PhaseError) ?? problem('dns-no-such-host', `${host} has no address`);
}

async function ask(
  client: HttpClient,
  server: string,
  name: string,
  type: RecordType,
  signal: AbortSignal,
): Promise<Reply | PhaseError> {
  const url = new URL(server);
  if (url.pathname === '/') url.pathname = '/dns-query';
  // An id of 0 and GET, so that caches can answer (RFC 8484 §4.1).
  url.searchParams.set('dns', encodeQuestion(0, name, type).toString('base64url'));
  const headers = { accept: 'application/dns-message' };
  const result = await client.fetch({ url: url.href, headers, maxBytes: MAX_BYTES, signal });
  if (result.outcome === 'cancelled') return problem('dns-timeout', 'the look-up was cancelled');
  if (result.outcome === 'failed') return problem(causeOf(result.failure.cause), result.failure.message);
  const { status, body } = result.answer;
  if (status !== 200) return problem('dns-server-misbehaving', `the resolver answered with HTTP status ${status}`);
  const reply = readReply(body, 0, name, type);
  if (reply === null) return problem('dns-server-misbehaving', 'the answer is not a DNS message');
  if (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN') return reply;
  return problem('dns-server-misbehaving', `the resolver answered ${reply.rcode}`);
}

/** What a failure on the way to the resolver means for the name. */
function causeOf(cause: Cause): Cause {
  if (cause.endsWith('timeout')) return 'dns-timeout';
  return cause.startsWith('http-') ? 'dns-server-misbehaving' : 'dns-resolver-unreachable';
}

function problem(cause: Cause, message: string): PhaseError {
  return new PhaseError('dns', cause, message);
}

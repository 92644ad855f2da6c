/** A trace as the page shows it. Pure. */
import { hideSecrets } from '../../shared/domain/secrets.ts';
import type { TracedConnection, TraceSummary } from '../../shared/domain/traffic.ts';
import { diagnose } from '../trace/diagnose.ts';
import type { Trace, TraceConnection } from '../trace/trace.ts';

/** More rows than anyone reads; the last ones tell where it stuck. */
const MAX_REQUESTS = 200;
const MAX_CONNECTIONS = 50;

/** What happened, with the last requests and connections. */
export function traceSummary(trace: Trace): TraceSummary {
  const { outcome, cause, host, statements } = diagnose(trace);
  const requests = trace.requests.slice(-MAX_REQUESTS);
  return {
    outcome,
    cause,
    host,
    statements,
    requests: requests.map(({ url, at, status, seconds, error, retries }) => ({
      url: hideSecrets(url),
      at,
      status,
      seconds,
      error: error === null ? null : hideSecrets(error),
      retries,
    })),
    earlier: trace.requests.length - requests.length,
    connections: trace.connections.slice(-MAX_CONNECTIONS).map(connectionSummary),
    lastAt: trace.lastAt,
  };
}

function connectionSummary({
  id,
  host,
  address,
  handshakeMs,
  streams,
  goaways,
  resets,
  lost,
}: TraceConnection): TracedConnection {
  const ends = [
    ...goaways.map(({ code, lastStream }) => `GOAWAY ${code} last=${lastStream}`),
    ...resets.map(({ code, stream }) => `RST_STREAM ${code} stream=${stream}`),
    ...(lost === null ? [] : [lost]),
  ];
  return { id, host, address, handshakeMs, streams, ends };
}

/** A report about one endpoint for an issue tracker: Markdown, redacted, in the person's language. */

import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { EndpointState } from '../../shared/domain/snapshot.ts';
import { formatDuration, formatLatency, formatPercent } from '../../shared/messages/format.ts';
import { causeMeaning, causeShort, type Translate } from '../../shared/messages/messages.ts';

/** The text that "copy report" puts on the clipboard. Instants in UTC. */
export function endpointReport(
  state: EndpointState,
  incidents: readonly Incident[],
  t: Translate,
  now: number,
): string {
  const { endpoint, status, cause, last, uptime24h } = state;
  const lines = [
    `### ${endpoint.name}: ${t(`status.${status}`)}${cause === null ? '' : ` — ${causeShort(t, cause)} (${cause})`}`,
    '',
    `- URL: ${redactUrl(endpoint.url)}`,
    `- ${new Date(now).toISOString()}${uptime24h === null ? '' : ` · 24 h: ${formatPercent(uptime24h)}`}`,
  ];
  if (cause !== null) lines.push(`- ${causeMeaning(t, cause)}`);
  if (last !== null) lines.push(...lastLines(state, t));
  for (const one of incidents.slice(0, 5)) {
    const span = formatDuration((one.endedAt ?? now) - one.startedAt, t);
    lines.push(`- ${new Date(one.startedAt).toISOString()} · ${one.cause ?? one.severity} · ${span}`);
  }
  return `${lines.join('\n')}\n`;
}

function lastLines({ last }: EndpointState, t: Translate): string[] {
  if (last === null) return [];
  const phases = Object.entries(last.phases).map(
    ([phase, ms]) => `${t(`phase.${phase as 'dns'}`)} ${formatLatency(ms)}`,
  );
  const { remote, protocol, tls } = last;
  const lines = [`- ${phases.join(', ')}`];
  const peer = [remote?.address, protocol, tls?.version, tls?.issuer].filter((one) => one !== undefined);
  if (peer.length > 0) lines.push(`- ${peer.join(' · ')}`);
  if (last.outcome === 'failed')
    lines.push(`- \`${last.failure.code ?? ''} ${last.failure.message}\` @ ${last.failure.phase}`);
  return lines;
}

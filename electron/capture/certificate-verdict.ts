/** Whether a connection ended because of the server's certificate: what was said, what was hinted at, what is wrong with it. */
import type { EpochMs } from '../../shared/domain/units.ts';
import { alertName, CERTIFICATE_ALERTS } from './alerts.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import { type CaptureEvidence, type CaptureVerdict, SILENCE_MS, verdictOf } from './verdict.ts';

/** null when nothing suggests that the certificate was the reason. */
export function certificateVerdict(facts: ConnectionFacts): CaptureVerdict | null {
  const said = facts.alerts.find(
    ({ from, code }) => from === 'client' && code !== null && CERTIFICATE_ALERTS.includes(code),
  );
  const flaws = certificateFlaws(facts);
  if (said?.code !== undefined && said.code !== null) {
    return verdictOf('untrusted-certificate', 0.95, [
      { key: 'alert-client', params: { alert: alertName(said.code) } },
      ...flaws,
    ]);
  }
  const hidden = facts.alerts.some(({ from, code }) => from === 'client' && code === null);
  // After the server's flight and before its own Finished a client objects to the certificate, or to little else.
  if (hidden) return verdictOf('untrusted-certificate', 0.7, [{ key: 'hidden-alert', params: {} }, ...flaws]);
  return leftWordless(facts) ? objection(flaws) : null;
}

/** Some clients (Node) say nothing: they close when they have seen the certificate, before their Finished. */
function leftWordless(facts: ConnectionFacts): boolean {
  const { encryptedAtMs, serverHello, certificate: seen, clientSide, serverSide, idleMs, alerts } = facts;
  const hasShown = serverHello !== null && (encryptedAtMs.server !== null || seen !== null);
  const { finAtMs } = serverSide;
  const isFirst = clientEnded(facts) && (finAtMs === null || (clientSide.finAtMs ?? 0) <= finAtMs);
  return hasShown && isFirst && encryptedAtMs.client === null && alerts.length === 0 && idleMs < SILENCE_MS;
}

/** The issuer alone is no flaw. */
function objection(flaws: readonly CaptureEvidence[]): CaptureVerdict {
  const confidence = flaws.some(({ key }) => key !== 'certificate-issuer') ? 0.8 : 0.6;
  return verdictOf('untrusted-certificate', confidence, [{ key: 'left-wordless', params: {} }, ...flaws]);
}

function certificateFlaws({ certificate: seen, beganAt, clientHello }: ConnectionFacts): readonly CaptureEvidence[] {
  if (seen === null) return [];
  const day = (at: EpochMs) => (Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : '?');
  const flaws: CaptureEvidence[] = [];
  if (beganAt > seen.notAfter) flaws.push({ key: 'certificate-expired', params: { date: day(seen.notAfter) } });
  if (beganAt < seen.notBefore) flaws.push({ key: 'certificate-early', params: { date: day(seen.notBefore) } });
  if (seen.fitsName === false) {
    flaws.push({ key: 'certificate-name', params: { name: clientHello?.hello?.serverName ?? '', names: seen.names } });
  }
  if (seen.selfSigned) flaws.push({ key: 'certificate-self-signed', params: { subject: seen.subject } });
  return [...flaws, { key: 'certificate-issuer', params: { issuer: seen.issuer } }];
}

/** Whether the client closed or reset. */
export function clientEnded({ clientSide, resets }: ConnectionFacts): boolean {
  return clientSide.finAtMs !== null || resets.some(({ from }) => from === 'client');
}

/** The certificates that a server shows, whether they are trusted or not. Nothing is sent after the handshake. */

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { decoratedCommand, type ShellCommand, shellCommand } from '../../shared/domain/shell-command.ts';
import type { Clock } from '../system/clock.ts';

/** One link of a chain, as a person reads it. */
export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses it is for. */
  readonly names: readonly string[];
  /** `YYYY-MM-DD`, UTC. */
  readonly from: string;
  readonly to: string;
}

const LIMIT_MS = 5_000;
const MAX_LINKS = 10;

/** The chain from the leaf upwards; [] when there is no handshake. */
export function readChain(
  { address, port, name }: { readonly address: string; readonly port: number; readonly name: string },
  signal: AbortSignal,
  clock: Clock,
): Promise<readonly ShownCertificate[]> {
  return new Promise((resolve) => {
    const servername = isIP(name) === 0 ? { servername: name } : {};
    // Only looked at, so that a refused one can be shown.
    const socket = tls.connect({ host: address, port, ...servername, rejectUnauthorized: false });
    const end = (chain: readonly ShownCertificate[]) => {
      stopTimer();
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(chain);
    };
    const onAbort = () => end([]);
    const stopTimer = clock.after(LIMIT_MS, () => end([]));
    signal.addEventListener('abort', onAbort);
    socket.on('error', () => end([]));
    socket.once('secureConnect', () => end(chainOf(socket)));
  });
}

function chainOf(socket: tls.TLSSocket): readonly ShownCertificate[] {
  const shown: ShownCertificate[] = [];
  let at: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  const seen = new Set<string>();
  while (at?.raw !== undefined && shown.length < MAX_LINKS && !seen.has(at.fingerprint256)) {
    seen.add(at.fingerprint256);
    shown.push(shownOf(new X509Certificate(at.raw)));
    at = at.issuerCertificate;
  }
  return shown;
}

function shownOf({ subject, issuer, subjectAltName, validFrom, validTo }: X509Certificate): ShownCertificate {
  const names = (subjectAltName ?? '').split(', ').map((one) => one.replace(/^(?:DNS|IP Address):/, ''));
  return {
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    names: names.filter((one) => one !== ''),
    from: dayOf(validFrom),
    to: dayOf(validTo),
  };
}

/** Common name, else organisation. */
function nameOf(distinguishedName: string | undefined): string {
  const lines = (distinguishedName ?? '').split('\n');
  const line =
    lines.find((one) => one.startsWith('CN=')) ?? lines.find((one) => one.startsWith('O=')) ?? lines[0] ?? '';
  return line.slice(line.indexOf('=') + 1).slice(0, 200);
}

function dayOf(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : new Date(at).toISOString().slice(0, 10);
}

/** The same chain, asked for with OpenSSL: a command to copy. */
export function certificateCommand(
  { host, port }: { readonly host: string; readonly port: number },
  options: readonly string[] = [],
): ShellCommand {
  const args = ['-connect', `${host}:${port}`, '-servername', host, ...options, '-showcerts'];
  return decoratedCommand(shellCommand('openssl', ['s_client', ...args]), { behind: '</dev/null' });
}

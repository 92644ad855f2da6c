/** `scutil --nc list`: configured VPN services. Tunnels that a daemon opens itself are not in it. */
import { linesOf, type Read, unreadLine } from './lines.ts';

/** One configured VPN service. */
export interface VpnService {
  readonly name: string;
  readonly id: string;
  readonly enabled: boolean;
  readonly state: string;
  readonly type: string;
  readonly subType: string | null;
}

/** Reads `scutil --nc list`; total. */
export function parseVpnServices(
  text: string,
): Read<{ readonly services: readonly VpnService[]; readonly connected: readonly string[] }> {
  const { lines, unread } = linesOf(text);
  const services: VpnService[] = [];
  const strange = [...unread];
  for (const line of lines) {
    const row =
      /^(\*?)\s*\(([^)]+)\)\s+([0-9A-F-]{36})\s+(\S+)(?:\s+\(\S+\))?\s+"(.*)"\s+\[([^\]:]+)(?::([^\]]*))?\]\s*$/i.exec(
        line.text.trim(),
      );
    if (row !== null) {
      const [, star, state = '', id = '', type = '', name = '', , subType] = row;
      services.push({
        name,
        id,
        enabled: star === '*',
        state,
        type,
        subType: subType === undefined || subType === '' ? null : subType,
      });
    } else if (!/^(?:Available|No) network connection services/.test(line.text.trim())) strange.push(unreadLine(line));
  }
  const connected = services.filter(({ state }) => state === 'Connected').map(({ name }) => name);
  return { value: { services, connected }, unread: strange };
}

/** SOCKS 5 before a tunnel, as local proxies (Clash, Surge …) speak it beside HTTP. Sources: RFC 1928, RFC 1929. */
import { latin1, printable, u8, u16 } from './bytes.ts';
import { ipv4Text, ipv6Text } from './ip-packet.ts';
import type { ParsedMessage, Side } from './message.ts';

const VERSION = 5;
const AUTHENTICATION = 1;
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** A message of SOCKS and its length in bytes; 'more' when it has not all arrived; null when it is not SOCKS. */
export type SocksMessage = { readonly length: number; readonly message: ParsedMessage | null } | 'more' | null;

/** `greeted`: this side has sent its first message. Credentials are passed over, never kept. */
export function socksMessage(side: Side, bytes: Uint8Array, greeted: boolean): SocksMessage {
  const [first, second] = [u8(bytes, 0), u8(bytes, 1)];
  if (first !== VERSION && !(greeted && first === AUTHENTICATION)) return null;
  if (bytes.length < 2) return 'more';
  if (!greeted) return whole(bytes, side === 'client' ? 2 + second : 2);
  if (first === AUTHENTICATION) return whole(bytes, side === 'client' ? 3 + second + u8(bytes, 2 + second) : 2);
  const end = bytes.length < 5 ? Number.POSITIVE_INFINITY : addressEnd(bytes);
  if (end === null) return null;
  if (bytes.length < end) return 'more';
  const message: ParsedMessage =
    side === 'client'
      ? { kind: 'http-request', method: 'SOCKS', target: addressText(bytes, end), host: null }
      : { kind: 'http-answer', status: second };
  return { length: end, message };
}

function whole(bytes: Uint8Array, length: number): SocksMessage {
  return bytes.length < length ? 'more' : { length, message: null };
}

/** Where the address at byte 3 and the port behind it end; null for an unknown type. */
function addressEnd(bytes: Uint8Array): number | null {
  switch (u8(bytes, 3)) {
    case ADDRESS.ipv4:
      return 10;
    case ADDRESS.name:
      return 7 + u8(bytes, 4);
    case ADDRESS.ipv6:
      return 22;
    default:
      return null;
  }
}

function addressText(bytes: Uint8Array, end: number): string {
  const port = u16(bytes, end - 2);
  switch (u8(bytes, 3)) {
    case ADDRESS.ipv4:
      return `${ipv4Text(bytes, 4)}:${port}`;
    case ADDRESS.name:
      return `${printable(latin1(bytes.subarray(5, end - 2)))}:${port}`;
    default:
      return `[${ipv6Text(bytes, 4)}]:${port}`;
  }
}

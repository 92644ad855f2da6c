/** `scutil --nc list` and `--nc status`: configured VPN services. Tunnels that a daemon opens itself are not in them. */
import { type Line, linesOf, type Read, unreadLine } from './lines.ts';
import { itemsOf, readTree, type Tree } from './scutil-tree.ts';

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
      /^(\*?)\s*\(([^)]+)\)\s+([0-9A-F-]{36})\s+(\S+)(?:\s+(?:-->\s+\S+|\(\S+\)))*\s+"(.*)"\s+\[([^\]:]+)(?::([^\]]*))?\]\s*$/i.exec(
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

/** The state of one VPN service. */
export interface VpnStatus {
  /** `Connected`, `Connecting`, `Disconnecting`, `Disconnected`, `No service`, `Invalid`; null = not said. */
  readonly state: string | null;
  readonly connected: boolean | null;
  /** The tunnel. */
  readonly interface: string | null;
  /** All traffic goes through it, not only that of some networks; null = not said. */
  readonly overridePrimary: boolean | null;
  /** Name or address of its other end. */
  readonly server: string | null;
  readonly mtu: number | null;
  readonly addresses: readonly string[];
  readonly router: string | null;
}

const STATE = /^(?:Connected|Connecting|Disconnecting|Disconnected|Invalid|No service)$/i;
const STATUS_KEYS =
  /^(?:InterfaceName|OverridePrimary|ServerAddress|(?:Comm)?RemoteAddress|Router|(?:LCP|Tunnel)?MTU|LCPMRU|Status|IsPrimaryInterface|ConnectTime|LastStatusChangeTime|LastCause|NetworkSignature)$/;

/** Reads `scutil --nc status SERVICE`: a word, then `Extended Status` with a dictionary by protocol; total. */
export function parseVpnStatus(text: string): Read<VpnStatus> {
  const { lines, unread } = linesOf(text);
  const strange: Line[] = [];
  const state = lines.map((line) => line.text.trim()).find((said) => STATE.test(said)) ?? null;
  const tree = readTree(lines, strange, STATUS_KEYS, STATE);
  const override = textAt(tree, ['OverridePrimary']);
  const mtu = textAt(tree, ['MTU', 'TunnelMTU', 'LCPMTU']);
  const value: VpnStatus = {
    state,
    connected: state === null ? null : /^connected$/i.test(state),
    interface: textAt(tree, ['InterfaceName']),
    overridePrimary: override === null ? null : /^(?:1|true)$/i.test(override),
    server: textAt(tree, ['ServerAddress', 'RemoteAddress', 'CommRemoteAddress']),
    mtu: mtu !== null && /^\d{1,6}$/.test(mtu) ? Number(mtu) : null,
    addresses: treesOf(tree).flatMap(({ Addresses }) => (Addresses === undefined ? [] : itemsOf(Addresses))),
    router: textAt(tree, ['Router']),
  };
  return { value, unread: [...unread, ...strange.map(unreadLine)] };
}

/** The first of these keys that is set, at any depth. */
function textAt(tree: Tree, keys: readonly string[]): string | null {
  const all = treesOf(tree);
  for (const key of keys) {
    const found = all.map((one) => one[key]).find((one) => typeof one === 'string' && one !== '');
    if (typeof found === 'string') return found;
  }
  return null;
}

/** A tree of scutil is a few levels deep. */
const MAX_DEPTH = 8;

function treesOf(tree: Tree, depth = 0): readonly Tree[] {
  const inner = depth >= MAX_DEPTH ? [] : Object.values(tree).filter((one) => typeof one === 'object');
  return [tree, ...inner.flatMap((one) => treesOf(one, depth + 1))];
}

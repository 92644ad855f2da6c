/**
 * Published fingerprints of devices that forge resets, as data, and how a reset is compared with them.
 *
 * Sources: SP25 = Wu et al., "A Wall Behind A Wall", IEEE S&P 2025, table "A comparison of the injection behaviors" (TTLs as observed
 * there; 77,892 + 309,333 + 4,366 packets); N4P#511 = GFW Report, "Analysis of the GFW's Unconditional Port 443 Block on August
 * 20, 2025". A row matches only when all of it does: what differs in one field is named as near, never as that device.
 */
import type { ResetPacket } from './connection-facts.ts';

type Range = readonly [lowest: number, highest: number];

/** The published fingerprint of a device that injects resets; null = any value. */
export interface InjectorRow {
  readonly id: string;
  readonly source: 'SP25' | 'N4P#511';
  /** What sets it off: a request that names a host, or the SYN or SYN-ACK itself. */
  readonly trigger: 'request' | 'connect';
  readonly withAck: boolean;
  /** Resets it sends each time. */
  readonly packets: number;
  /** As observed at the client. */
  readonly ttl: Range | null;
  /** IPv4 identification. */
  readonly id4: Range | null;
  readonly dontFragment: boolean | null;
  /** Hex. */
  readonly payload: string;
  readonly port: number | null;
  /** The windows of its resets count up by one. */
  readonly windowsRise: boolean;
  /** How much a full match alone proves: wide ranges are met by honest resets, too. */
  readonly confidence: number;
  /** The row alone is no proof: the TTL must also differ from the server's own. */
  readonly needsOtherTtl: boolean;
}

const REQUEST_RESET = { source: 'SP25', trigger: 'request', payload: '', port: null, windowsRise: false } as const;

const INJECTORS: readonly InjectorRow[] = [
  {
    ...REQUEST_RESET,
    id: 'henan',
    withAck: true,
    packets: 1,
    // One place saw 58 always; elsewhere there are other numbers of hops below the same beginning of 64.
    ttl: [33, 64],
    id4: [1, 1],
    dontFragment: false,
    payload: '01020304050607080900',
    confidence: 0.95,
    needsOtherTtl: false,
  },
  {
    ...REQUEST_RESET,
    id: 'gfw-3',
    withAck: true,
    packets: 1,
    ttl: [248, 248],
    id4: [0x99_16, 0x99_33],
    dontFragment: false,
    confidence: 0.9,
    needsOtherTtl: true,
  },
  {
    ...REQUEST_RESET,
    id: 'gfw-2',
    withAck: true,
    packets: 3,
    ttl: [39, 238],
    id4: [0x00_a3, 0xfe_5f],
    dontFragment: true,
    confidence: 0.8,
    needsOtherTtl: true,
  },
  {
    ...REQUEST_RESET,
    id: 'gfw-1',
    withAck: false,
    packets: 1,
    ttl: [55, 118],
    id4: [0, 0],
    dontFragment: false,
    confidence: 0.75,
    needsOtherTtl: true,
  },
  {
    id: 'gfw-2025-08-443',
    source: 'N4P#511',
    trigger: 'connect',
    withAck: true,
    packets: 3,
    ttl: null,
    id4: null,
    dontFragment: null,
    payload: '',
    port: 443,
    windowsRise: true,
    confidence: 0.85,
    needsOtherTtl: false,
  },
];

/** A part of a fingerprint that may not fit. */
export type Field =
  | 'flags'
  | 'payload'
  | 'fragment'
  | 'identification'
  | 'ttl'
  | 'count'
  | 'port'
  | 'window'
  | 'own-ttl';

/** How well resets fit a fingerprint. */
export interface InjectorMatch {
  readonly row: InjectorRow;
  /** What does not fit; empty: all fits. */
  readonly misses: readonly Field[];
}

/** What the resets of one connection are compared by. */
export interface ResetContext {
  readonly trigger: InjectorRow['trigger'];
  /** How often the trigger was sent: each sending sets the device off again. */
  readonly triggers: number;
  readonly port: number;
  /** Of the packets the machine itself has sent; null when there are none. */
  readonly ownTtl: number | null;
}

/** The best fitting row: one without misses, else the one with the fewest; null when none is close. */
export function closestInjector(resets: readonly ResetPacket[], scene: ResetContext): InjectorMatch | null {
  const all = INJECTORS.filter(({ trigger }) => trigger === scene.trigger).map((row) => ({
    row,
    misses: missesOf(row, resets, scene),
  }));
  const [best] = [...all].sort((a, b) => a.misses.length - b.misses.length || b.row.confidence - a.row.confidence);
  return best !== undefined && best.misses.length <= 1 ? best : null;
}

/** Several devices may answer one request: a row is compared with the resets that look like its own, if any does. */
function missesOf(row: InjectorRow, resets: readonly ResetPacket[], scene: ResetContext): readonly Field[] {
  const scored = resets.map((reset) => ({ reset, misses: packetMisses(row, reset, scene) }));
  const fewest = Math.min(...scored.map(({ misses }) => misses.length));
  const alike = scored.filter(({ misses }) => misses.length === fewest);
  const misses = [...(alike[0]?.misses ?? ['flags' as const])];
  if (alike.length < row.packets || alike.length > row.packets * scene.triggers) misses.push('count');
  if (
    row.windowsRise &&
    !risesByOne(
      alike.map(({ reset }) => reset.window),
      row.packets,
    )
  )
    misses.push('window');
  return misses;
}

function packetMisses(row: InjectorRow, reset: ResetPacket, { port, ownTtl }: ResetContext): readonly Field[] {
  const misses: Field[] = [];
  if (reset.withAck !== row.withAck) misses.push('flags');
  if (reset.payload !== row.payload) misses.push('payload');
  if (row.dontFragment !== null && reset.dontFragment !== row.dontFragment) misses.push('fragment');
  if (row.id4 !== null && !within(reset.id, row.id4)) misses.push('identification');
  if (row.ttl !== null && !within(reset.ttl, row.ttl)) misses.push('ttl');
  if (row.port !== null && port !== row.port) misses.push('port');
  if (row.needsOtherTtl && (ownTtl === null || isSameTtl(reset.ttl, ownTtl))) misses.push('own-ttl');
  return misses;
}

/** Packets of one machine take the same way; a change of route in between is one hop at most in practice. */
export function isSameTtl(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1;
}

function within(value: number | null, [lowest, highest]: Range): boolean {
  return value !== null && value >= lowest && value <= highest;
}

function risesByOne(windows: readonly number[], packets: number): boolean {
  return windows.every((window, index) => index % packets === 0 || window === (windows[index - 1] ?? 0) + 1);
}

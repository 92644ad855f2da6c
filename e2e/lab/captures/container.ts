/** Writes capture files: .pcap and .pcapng in every variant that a reader must take. */
import { frame, LINK, type LinkName, type Packet } from './packets.ts';

export interface PcapOptions {
  readonly endian?: 'big' | 'little';
  readonly nano?: boolean;
  readonly link?: LinkName;
  /** Packets are cut to this many bytes. */
  readonly snapLength?: number;
}

export function pcapFile(packets: readonly Packet[], options: PcapOptions = {}): Buffer {
  const { endian = 'little', nano = false, link = 'ethernet', snapLength = 262_144 } = options;
  const header = numbers(endian, [
    [nano ? 0xa1_b2_3c_4d : 0xa1_b2_c3_d4, 4],
    [2, 2],
    [4, 2],
    [0, 4],
    [0, 4],
    [snapLength, 4],
    [LINK[link], 4],
  ]);
  const records = packets.flatMap(({ atMs, bytes }) => {
    const whole = frame(link, bytes);
    const kept = whole.subarray(0, snapLength);
    const seconds = Math.floor(atMs / 1_000);
    const micros = Math.round((atMs - seconds * 1_000) * 1_000);
    return [
      numbers(endian, [
        [seconds, 4],
        [nano ? micros * 1_000 : micros, 4],
        [kept.length, 4],
        [whole.length, 4],
      ]),
      kept,
    ];
  });
  return Buffer.concat([header, ...records]);
}

export interface PcapngOptions {
  readonly endian?: 'big' | 'little';
  /** if_tsresol as it stands in the file; absent: microseconds. */
  readonly resolution?: number;
  /** Seconds added to every time. */
  readonly offsetSeconds?: number;
  /** The interfaces; packets go round them. */
  readonly links?: readonly LinkName[];
  /** Which block packets are written as. */
  readonly block?: 'enhanced' | 'simple' | 'old';
  /** TLS secrets that the file carries. */
  readonly keyLog?: string;
}

export function pcapngFile(packets: readonly Packet[], options: PcapngOptions = {}): Buffer {
  const { endian = 'little', links = ['ethernet'], block = 'enhanced' } = options;
  const make = (type: number, body: Uint8Array) => blockOf(endian, type, body);
  const section = make(
    0x0a_0d_0d_0a,
    // The length of the section is not known: -1.
    Buffer.concat([
      numbers(endian, [
        [0x1a_2b_3c_4d, 4],
        [1, 2],
        [0, 2],
        [0xff_ff_ff_ff, 4],
        [0xff_ff_ff_ff, 4],
      ]),
      option(endian, 4, Buffer.from('the lab')),
    ]),
  );
  const described = links.map((link) =>
    make(
      1,
      Buffer.concat([
        numbers(endian, [
          [LINK[link], 2],
          [0, 2],
          [262_144, 4],
        ]),
        timeOptions(endian, options),
      ]),
    ),
  );
  const written = packets.map(({ atMs, bytes }, index) => {
    const on = index % links.length;
    const whole = frame(block === 'simple' ? (links[0] ?? 'raw') : (links[on] ?? 'raw'), bytes);
    if (block === 'simple') return make(3, Buffer.concat([numbers(endian, [[whole.length, 4]]), padded(whole)]));
    const ticks = ticksOf(atMs, options);
    const time: Numbers = [
      [Number(ticks >> 32n), 4],
      [Number(ticks & 0xff_ff_ff_ffn), 4],
      [whole.length, 4],
      [whole.length, 4],
    ];
    const head: Numbers = block === 'old' ? [[on, 2], [0, 2], ...time] : [[on, 4], ...time];
    const comment = option(endian, 1, Buffer.from('a comment'));
    return make(
      block === 'old' ? 2 : 6,
      Buffer.concat([numbers(endian, head), padded(whole), comment, END_OF_OPTIONS]),
    );
  });
  const { keyLog } = options;
  const log = Buffer.from(keyLog ?? '');
  const secrets =
    keyLog === undefined
      ? []
      : [
          make(
            10,
            Buffer.concat([
              numbers(endian, [
                [0x54_4c_53_4b, 4],
                [log.length, 4],
              ]),
              padded(log),
            ]),
          ),
        ];
  // Between the packets lie blocks that a reader must pass over: name resolution, statistics.
  return Buffer.concat([
    section,
    make(4, Buffer.alloc(8)),
    ...secrets,
    ...described,
    ...written,
    make(5, Buffer.alloc(12)),
  ]);
}

const END_OF_OPTIONS = Buffer.alloc(4);

function timeOptions(endian: 'big' | 'little', { resolution, offsetSeconds }: PcapngOptions): Uint8Array {
  const seconds = Buffer.alloc(8);
  if (endian === 'big') seconds.writeBigInt64BE(BigInt(offsetSeconds ?? 0));
  else seconds.writeBigInt64LE(BigInt(offsetSeconds ?? 0));
  return Buffer.concat([
    option(endian, 2, Buffer.from('lab0')),
    ...(resolution === undefined ? [] : [option(endian, 9, Buffer.from([resolution]))]),
    ...(offsetSeconds === undefined ? [] : [option(endian, 14, seconds)]),
    END_OF_OPTIONS,
  ]);
}

function ticksOf(atMs: number, { resolution = 6, offsetSeconds = 0 }: PcapngOptions): bigint {
  const micros = BigInt(Math.round(atMs * 1_000)) - BigInt(offsetSeconds) * 1_000_000n;
  const perSecond = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
  return (micros * perSecond) / 1_000_000n;
}

function blockOf(endian: 'big' | 'little', type: number, body: Uint8Array): Uint8Array {
  const length = 12 + body.length;
  return Buffer.concat([
    numbers(endian, [
      [type, 4],
      [length, 4],
    ]),
    body,
    numbers(endian, [[length, 4]]),
  ]);
}

function option(endian: 'big' | 'little', code: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([
    numbers(endian, [
      [code, 2],
      [value.length, 2],
    ]),
    padded(value),
  ]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** Numbers with their sizes in bytes. */
type Numbers = readonly (readonly [value: number, size: 2 | 4])[];

function numbers(endian: 'big' | 'little', values: Numbers): Uint8Array {
  return Buffer.concat(
    values.map(([value, size]) => {
      const bytes = Buffer.alloc(size);
      if (endian === 'big') bytes.writeUIntBE(value, 0, size);
      else bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}

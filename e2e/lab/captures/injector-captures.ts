/** One capture for each published injector, with a near miss of each field beside it, and the resets that machines send themselves. */
import { Conversation, type Forged } from './conversation.ts';
import {
  AFTER,
  afterHello,
  type Expected,
  HELLO_NO_KEM,
  handshake13,
  type LabCapture,
  nobody,
  plain,
  request,
  text,
} from './scenarios.ts';
import { clientHello, encrypted, serverHello13 } from './tls-bytes.ts';

function forged(rows: readonly Forged[], before: Conversation = afterHello(), expected: Expected): LabCapture {
  for (const row of rows) before.wait(0.03).forge('server', row);
  return { packets: before.packets, expected };
}

const HENAN: Forged = {
  flags: 'RA',
  ttl: 58,
  id: 1,
  dontFragment: false,
  window: 0,
  payload: Buffer.from('01020304050607080900', 'hex'),
};
const GFW_1: Forged = { flags: 'R', ttl: 97, id: 0, dontFragment: false, window: 0 };
const GFW_2: Forged = { flags: 'RA', ttl: 113, id: 0x3a_11, dontFragment: true, window: 1_404 };
const GFW_3: Forged = { flags: 'RA', ttl: 248, id: 0x99_20, dontFragment: false, window: 0 };
const SYN_443: Forged = { flags: 'RA', ttl: 71, id: 0x11_11, dontFragment: true, window: 1_980 };

const three = (row: Forged): readonly Forged[] => [0, 1, 2].map((n) => ({ ...row, id: row.id + 7 * n }));
const rising = (row: Forged): readonly Forged[] =>
  [0, 1, 2].map((n) => ({ ...row, id: row.id + n, ttl: row.ttl + n, window: (row.window ?? 0) + n }));

const injected = (injector: string, verdict = AFTER): Expected => ({ verdict, origin: 'injected', injector });
function retransmitted(): Conversation {
  const hello = clientHello(HELLO_NO_KEM);
  return new Conversation().connect().say('client', hello).wait(300).sayAgain('client', hello);
}

export function injectorCaptures(): Record<string, LabCapture> {
  return {
    'injector henan': forged([HENAN], afterHello(), injected('henan')),
    'injector henan, and the server still answers': {
      packets: afterHello().forge('server', HENAN).wait(15).say('server', serverHello13()).packets,
      expected: injected('henan'),
    },
    'near henan: payload with other flags': forged([{ ...HENAN, flags: 'R' }], afterHello(), nobody('unclear')),
    'near henan: payload of other bytes': forged(
      [{ ...HENAN, payload: Buffer.from('0102030405060708090a', 'hex') }],
      afterHello(),
      nobody('unclear'),
    ),
    'near henan: identification 2': forged([{ ...HENAN, id: 2 }], afterHello(), nobody('unclear')),
    'injector gfw-1': forged([GFW_1], afterHello(), injected('gfw-1')),
    'near gfw-1: with ACK': forged([{ ...GFW_1, flags: 'RA' }], afterHello(), nobody('unclear')),
    'near gfw-1: identification 1': forged([{ ...GFW_1, id: 1 }], afterHello(), nobody('unclear')),
    'near gfw-1: TTL 119': forged([{ ...GFW_1, ttl: 119 }], afterHello(), nobody('unclear')),
    'near gfw-1: as far away as the server': forged([GFW_1], afterHello({ serverTtl: 97 }), nobody('genuine')),
    'injector gfw-2': forged(three(GFW_2), afterHello(), injected('gfw-2')),
    'near gfw-2: two resets': forged(three(GFW_2).slice(1), afterHello(), nobody('unclear')),
    'near gfw-2: may be fragmented': forged(three({ ...GFW_2, dontFragment: false }), afterHello(), nobody('unclear')),
    'near gfw-2: identification 0xfe60': forged(
      [0, 1, 2].map(() => ({ ...GFW_2, id: 0xfe_60 })),
      afterHello(),
      nobody('unclear'),
    ),
    'injector gfw-3': forged([GFW_3], afterHello(), injected('gfw-3')),
    'near gfw-3: identification 0x9915': forged([{ ...GFW_3, id: 0x99_15 }], afterHello(), nobody('unclear')),
    'near gfw-3: identification 0x9934': forged([{ ...GFW_3, id: 0x99_34 }], afterHello(), nobody('unclear')),
    'near gfw-3: TTL 247': forged([{ ...GFW_3, ttl: 247 }], afterHello(), nobody('unclear')),
    'injectors gfw-1 and gfw-2 at once': forged([GFW_1, ...three(GFW_2)], afterHello(), injected('gfw-2')),
    'injector gfw-2 at a retransmitted ClientHello': forged(
      [...three(GFW_2), ...three({ ...GFW_2, id: 0x51_00 })],
      retransmitted(),
      injected('gfw-2'),
    ),
    'injector gfw-3 at a plain request': forged(
      [GFW_3],
      new Conversation({ serverPort: 80 })
        .connect()
        .say('client', text('GET /x/@v/list HTTP/1.1\r\nHost: proxy.golang.org\r\n\r\n')),
      injected('gfw-3', 'rst-after-request'),
    ),
    'injector of 2025-08-20 at a SYN': forged(
      rising(SYN_443),
      new Conversation().syn().wait(6),
      injected('gfw-2025-08-443', 'rst-on-connect'),
    ),
    'injector of 2025-08-20 at a SYN-ACK': forged(
      rising(SYN_443),
      new Conversation().connect(),
      injected('gfw-2025-08-443', 'rst-on-connect'),
    ),
    'near 2025-08-20: another port': forged(
      rising(SYN_443),
      new Conversation({ serverPort: 8_443 }).syn().wait(6),
      nobody('unclear', 'rst-on-connect'),
    ),
    'near 2025-08-20: windows alike': forged(
      rising({ ...SYN_443 }).map((row) => ({ ...row, window: 0 })),
      new Conversation().syn().wait(6),
      nobody('unclear', 'rst-on-connect'),
    ),
    'a forged reset that no table has, then the server answers': {
      packets: afterHello()
        .forge('server', { flags: 'RA', ttl: 200, id: 77, dontFragment: false })
        .wait(15)
        .say('server', serverHello13()).packets,
      expected: { verdict: AFTER, origin: 'injected', injector: null },
    },
    'injector gfw-3 in the client’s name, seen at the server': {
      packets: new Conversation({ clientTtl: 44, serverTtl: 64 })
        .connect()
        .say('client', clientHello())
        .wait(1)
        .forge('client', GFW_3).packets,
      expected: injected('gfw-3'),
    },
  };
}

export function resetCaptures(): Record<string, LabCapture> {
  const port = new Conversation().syn().wait(20);
  const reset = encrypted(500);
  return {
    'a server’s own reset after the ClientHello': {
      packets: afterHello().reset('server').packets,
      expected: nobody('genuine'),
    },
    'a server’s own reset without ACK': {
      packets: afterHello().reset('server', 'R').packets,
      expected: nobody('genuine'),
    },
    'a device nearby resets': forged(
      [{ flags: 'RA', ttl: 64, id: 0, dontFragment: true }],
      afterHello(),
      nobody('unclear'),
    ),
    'a closed port': { packets: port.reset('server').packets, expected: nobody('unclear', 'rst-on-connect') },
    'a reset in the middle of an answer': {
      packets: request(handshake13(afterHello()))
        .say('client', encrypted(200))
        .wait(30)
        .say('server', reset)
        .reset('server').packets,
      expected: nobody('genuine', 'rst-later'),
    },
    'near: an idle connection is dropped with a reset': {
      packets: request(handshake13(afterHello())).wait(60_000).reset('server').packets,
      expected: plain('healthy'),
    },
    'a reset after the client has closed': {
      packets: request(handshake13(afterHello())).fin('client').wait(20).reset('server').packets,
      expected: plain('healthy'),
    },
    'a reset with IPv6': {
      packets: afterHello({ client: '2001:db8::10', server: '2001:db8:1::20' }).forge('server', { ...GFW_1 }).packets,
      expected: nobody('unclear'),
    },
  };
}

/** The rules behind a verdict, each by itself: who reset, what was slow, whether the certificate was the reason. */
import { describe, expect, it } from 'vitest';
import type { CertificateFacts } from './certificate.ts';
import { certificateVerdict } from './certificate-verdict.ts';
import type { ConnectionFacts, ResetPacket, SideFacts } from './connection-facts.ts';
import type { OpenStream, SeenFrame } from './decrypt/decrypted-stream.ts';
import { decryptedVerdict } from './decrypt/decrypted-verdict.ts';
import { isFinding } from './finding.ts';
import { closestInjector, isSameTtl, type ResetContext } from './injectors.ts';
import { judge } from './judge.ts';
import { resetOrigin } from './reset-origin.ts';
import { slowness } from './slowness.ts';

const SIDE: SideFacts = { bytes: 500, acknowledged: 500, retransmissions: 0, packets: 5, ttl: 52, finAtMs: null };
const HELLO = {
  bytes: 500,
  atMs: 100,
  offset: 0,
  retransmissions: 0,
  hello: { bytes: 500, serverName: 'a.example', alpn: [], versions: [], keyShares: [] },
};
const SERVER_HELLO = { atMs: 150, hello: { version: 'TLS 1.3', keyShare: null, alpn: null, retry: false } };

/** A connection that completed its handshake, unless given otherwise. */
function facts(more: Partial<ConnectionFacts> = {}): ConnectionFacts {
  return {
    client: '192.168.1.7:50000',
    server: '142.250.72.81:443',
    serverPort: 443,
    beganAt: 1_000_000,
    durationMs: 1_000,
    synAtMs: 0,
    synTries: 1,
    synAckAtMs: 50,
    clientSide: { ...SIDE, ttl: 64 },
    serverSide: SIDE,
    request: null,
    answer: null,
    clientHello: HELLO,
    serverHello: SERVER_HELLO,
    certificate: null,
    alerts: [],
    encryptedAtMs: { client: 200, server: 160 },
    isServerForeign: false,
    isClientForeign: false,
    firstDataAtMs: 150,
    resets: [],
    resetCount: 0,
    talkedAfterReset: false,
    longestWait: null,
    unanswered: null,
    idleMs: 0,
    inside: null,
    timeline: [],
    ...more,
  };
}

function reset(more: Partial<ResetPacket> = {}): ResetPacket {
  const forged = { atMs: 130, from: 'server', ttl: 58, id: 1, dontFragment: false, withAck: true, window: 0 } as const;
  return { ...forged, payload: '', offset: 0, clientBytes: 500, serverBytes: 0, ...more };
}

const HENAN = reset({ payload: '01020304050607080900' });
const GFW_3 = reset({ ttl: 248, id: 0x99_20 });
const GFW_1 = reset({ ttl: 90, id: 0, withAck: false });
const GFW_2 = [0, 1, 2].map((i) => reset({ ttl: 200, id: 0x10_00 + i, dontFragment: true }));
const NEW_443 = [0, 1, 2].map((i) => reset({ ttl: 52, window: 600 + i }));

describe('published injectors', () => {
  const scene: ResetContext = { trigger: 'request', triggers: 1, port: 443, ownTtl: 52 };
  const connect: ResetContext = { ...scene, trigger: 'connect' };

  it.each([
    ['henan', [HENAN], scene],
    ['gfw-3', [GFW_3], scene],
    ['gfw-1', [GFW_1], scene],
    ['gfw-2', GFW_2, scene],
    ['gfw-2025-08-443', NEW_443, connect],
  ])('%s is known by its fingerprint', (id, resets, context) => {
    expect(closestInjector(resets, context)).toMatchObject({ row: { id }, misses: [] });
  });

  it.each([
    ['another payload', [{ ...HENAN, payload: '01020304' }], scene, 'henan', ['payload']],
    ['another identification', [{ ...GFW_3, id: 0x99_40 }], scene, 'gfw-3', ['identification']],
    ["the server's own distance", [GFW_3], { ...scene, ownTtl: 247 }, 'gfw-3', ['own-ttl']],
    ['two packets of three', GFW_2.slice(1), scene, 'gfw-2', ['count']],
    ['another port', NEW_443, { ...connect, port: 8_443 }, 'gfw-2025-08-443', ['port']],
    [
      'windows that do not rise',
      NEW_443.map((one) => ({ ...one, window: 600 })),
      connect,
      'gfw-2025-08-443',
      ['window'],
    ],
  ] as const)('%s is near, and no more', (_, resets, context, id, misses) => {
    expect(closestInjector(resets, context)).toMatchObject({ row: { id }, misses });
  });

  it('a hello that was sent three times sets the device off three times', () => {
    const many = [...GFW_2, ...GFW_2, ...GFW_2];
    expect(closestInjector(many, { ...scene, triggers: 3 })?.misses).toEqual([]);
    expect(closestInjector(many, scene)?.misses).toEqual(['count']);
  });

  it('nothing is near an honest reset far from every row', () => {
    expect(closestInjector([reset({ ttl: 200, id: 7, payload: 'ff' })], scene)).toBeNull();
  });

  it.each([
    [64, 64, true],
    [64, 63, true],
    [64, 62, false],
  ])('TTL %i and %i come from one machine: %s', (one, other, same) => expect(isSameTtl(one, other)).toBe(same));
});

describe('whose a reset is', () => {
  const origin = (more: Partial<ConnectionFacts>) => resetOrigin(facts(more), 'request', 'server');

  it('one that a published injector sends was forged', () => {
    expect(origin({ resets: [HENAN] })).toMatchObject({ origin: 'injected', injector: 'henan', confidence: 0.95 });
  });

  it("the machine's own distance speaks for it, another one leaves it open", () => {
    expect(origin({ resets: [reset({ ttl: 52, id: 9 })] })).toMatchObject({ origin: 'genuine', injector: null });
    expect(origin({ resets: [reset({ ttl: 200, id: 9, payload: 'ff' })] }).origin).toBe('unclear');
    expect(origin({ resets: [reset({ id: 9, ttl: 20 })], serverSide: { ...SIDE, ttl: null } }).origin).toBe('unclear');
  });

  it('a side that goes on after a reset did not send it', () => {
    const found = origin({ resets: [reset({ ttl: 52, id: 9 })], talkedAfterReset: true });
    expect(found).toMatchObject({ origin: 'injected', injector: null });
    expect(found.evidence.map(({ key }) => key)).toContain('talked-after-reset');
  });

  it('shows what it goes by: flags, distances and identification', () => {
    const [packet, ttl] = origin({ resets: [reset({ ttl: 52, id: 0x1f })] }).evidence;
    expect(packet).toMatchObject({ key: 'reset', params: { flags: 'RST+ACK', id: '0x001f', ttl: 52, count: 1 } });
    expect(ttl).toMatchObject({ key: 'ttl-same', params: { reset: 52, own: 52 } });
  });
});

describe('slowness', () => {
  it.each([
    ['connect', { synAckAtMs: 1_400 }, 'slow-server', 1_400],
    ['connect', { synAckAtMs: 1_400, synTries: 2 }, 'packet-loss', 1_400],
    ['tls', { serverHello: { ...SERVER_HELLO, atMs: 1_900 } }, 'slow-server', 1_800],
    [
      'tls',
      { serverHello: { ...SERVER_HELLO, atMs: 1_900 }, clientHello: { ...HELLO, retransmissions: 1 } },
      'packet-loss',
      1_800,
    ],
    ['response', { longestWait: { ms: 2_500, retransmissions: 0 } }, 'slow-server', 2_500],
    ['response', { longestWait: { ms: 2_500, retransmissions: 3 } }, 'packet-loss', 2_500],
  ] as const)('of %s: %j is %s', (phase, more, id, ms) => {
    const verdict = slowness(facts(more));
    expect(verdict).toMatchObject({ id });
    expect(verdict?.evidence[0]).toEqual({ key: `waited-${phase}`, params: { ms } });
  });

  it('names the phase that is furthest beyond its limit, and none in good time', () => {
    const both = { synAckAtMs: 1_100, longestWait: { ms: 9_000, retransmissions: 0 } };
    expect(slowness(facts(both))?.evidence[0]?.key).toBe('waited-response');
    expect(slowness(facts())).toBeNull();
  });
});

describe('the certificate', () => {
  const SEEN: CertificateFacts = {
    subject: 'a.example',
    issuer: 'Some CA',
    names: 'a.example',
    notBefore: 0,
    notAfter: 2_000_000,
    fitsName: true,
    selfSigned: false,
  } as CertificateFacts;
  const flawsOf = (more: Partial<ConnectionFacts>) => certificateVerdict(facts(more))?.evidence.map(({ key }) => key);
  const objection = { alerts: [{ from: 'client', code: 42, atMs: 170 }], certificate: SEEN } as const;

  it('that a client says it does not accept is the reason, with its flaws', () => {
    expect(certificateVerdict(facts(objection))).toMatchObject({ id: 'untrusted-certificate', confidence: 0.95 });
    expect(flawsOf(objection)).toEqual(['alert-client', 'certificate-issuer']);
    expect(flawsOf({ ...objection, beganAt: 3_000_000 })).toContain('certificate-expired');
    expect(flawsOf({ ...objection, beganAt: -1 })).toContain('certificate-early');
    expect(flawsOf({ ...objection, certificate: { ...SEEN, fitsName: false } })).toContain('certificate-name');
    expect(flawsOf({ ...objection, certificate: { ...SEEN, selfSigned: true } })).toContain('certificate-self-signed');
  });

  it('is likely the reason where the objection was encrypted, or the client left wordlessly', () => {
    expect(certificateVerdict(facts({ alerts: [{ from: 'client', code: null, atMs: 170 }] }))?.confidence).toBe(0.7);
    const left = {
      encryptedAtMs: { client: null, server: 160 },
      clientSide: { ...SIDE, finAtMs: 170 },
      certificate: SEEN,
    } as const;
    expect(certificateVerdict(facts(left))?.confidence).toBe(0.6);
    expect(certificateVerdict(facts({ ...left, certificate: { ...SEEN, fitsName: false } }))?.confidence).toBe(0.8);
    expect(certificateVerdict(facts({ ...left, idleMs: 3_000 }))).toBeNull();
    expect(certificateVerdict(facts({ ...left, serverSide: { ...SIDE, finAtMs: 160 } }))).toBeNull();
  });

  it('is not the reason where the handshake went on, or the server objected', () => {
    expect(certificateVerdict(facts({ certificate: SEEN }))).toBeNull();
    expect(certificateVerdict(facts({ alerts: [{ from: 'server', code: 42, atMs: 1 }] }))).toBeNull();
  });
});

describe('frames inside TLS', () => {
  const frame = (more: Partial<SeenFrame>): SeenFrame => ({
    type: 'HEADERS',
    stream: 1,
    length: 1,
    endsStream: false,
    status: null,
    code: null,
    lastStream: null,
    debug: null,
    atMs: 300,
    from: 'server',
    ...more,
  });
  const open = (more: Partial<OpenStream> = {}): OpenStream => ({
    stream: 1,
    askedAtMs: 250,
    answered: false,
    bytes: 0,
    ...more,
  });
  const ask = (frames: readonly SeenFrame[], streams: readonly OpenStream[], more: Partial<ConnectionFacts> = {}) =>
    decryptedVerdict(
      facts({
        inside: {
          decryption: null,
          http2: { frames, counts: {}, open: streams },
          http1: [],
        } as ConnectionFacts['inside'],
        ...more,
      }),
      { endedAt: 1_000_000 + 20_000, answeredHellos: [] },
    );

  it.each([
    ['RST_STREAM', 'INTERNAL_ERROR', 'http2-reset'],
    ['GOAWAY', 'ENHANCE_YOUR_CALM', 'http2-goaway'],
  ])('%s with %s is the reason', (type, code, id) => {
    expect(ask([frame({ type, code })], [open()])).toMatchObject({ id, confidence: 0.95 });
  });

  it.each(['NO_ERROR', 'CANCEL'])('an end with %s is none', (code) => {
    expect(ask([frame({ type: 'RST_STREAM', code })], [])).toBeNull();
  });

  it('an answer that ends early was cut; none at all is an end without one; and silence counts from the last frame', () => {
    const closed = { serverSide: { ...SIDE, finAtMs: 900 } };
    expect(ask([frame({})], [open({ answered: true, bytes: 10 })], closed)?.id).toBe('body-cut');
    expect(ask([], [open()], closed)?.id).toBe('eof');
    expect(ask([frame({})], [open()])?.id).toBe('no-answer');
    expect(ask([frame({ atMs: 19_000 })], [open()])).toBeNull();
    expect(ask([frame({ type: 'GOAWAY', code: 'NO_ERROR' })], [open()], closed)).toMatchObject({
      id: 'http2-goaway',
      confidence: 0.85,
    });
  });

  it('without secrets, or after a reset, they say nothing', () => {
    expect(decryptedVerdict(facts(), { endedAt: 1_020_000, answeredHellos: [] })).toBeNull();
    expect(ask([], [open()], { resetCount: 1 })).toBeNull();
  });
});

describe('the first rule that fits', () => {
  const around = { endedAt: 1_000_000 + 60_000, answeredHellos: [400] };
  const nothing = {
    clientHello: null,
    serverHello: null,
    firstDataAtMs: null,
    encryptedAtMs: { client: null, server: null },
  };
  const gone = { ...SIDE, bytes: 0, packets: 0, ttl: null };
  it.each<[string, Partial<ConnectionFacts>]>([
    ['healthy', {}],
    ['incomplete', { ...nothing, synAtMs: null, synAckAtMs: null }],
    ['no-answer-to-syn', { ...nothing, synAckAtMs: null, synTries: 4, serverSide: gone }],
    [
      'rst-on-connect',
      { ...nothing, synAckAtMs: null, clientSide: gone, serverSide: gone, resets: [reset({ ttl: 52 })], resetCount: 1 },
    ],
    ['not-tls', { isServerForeign: true }],
    ['other-protocol', { ...nothing, isClientForeign: true }],
    ['alert', { alerts: [{ from: 'server', code: 40, atMs: 160 }], encryptedAtMs: { client: null, server: null } }],
    ['rst-after-client-hello', { ...nothing, clientHello: HELLO, resets: [HENAN], resetCount: 1 }],
    [
      'proxy-refused',
      {
        ...nothing,
        request: { method: 'CONNECT', target: 'a:443', host: null, atMs: 60 },
        answer: { status: 407, atMs: 90 },
        firstDataAtMs: 90,
      },
    ],
    [
      'large-client-hello-dropped',
      {
        ...nothing,
        clientHello: { ...HELLO, bytes: 1_500, retransmissions: 3 },
        clientSide: { ...SIDE, acknowledged: 0 },
        serverSide: { ...SIDE, bytes: 0 },
      },
    ],
    [
      'client-hello-dropped',
      {
        ...nothing,
        clientHello: { ...HELLO, retransmissions: 3 },
        clientSide: { ...SIDE, acknowledged: 0 },
        serverSide: { ...SIDE, bytes: 0 },
      },
    ],
    ['eof', { ...nothing, clientHello: HELLO, serverSide: { ...SIDE, finAtMs: 200 } }],
    ['no-answer', { ...nothing, clientHello: HELLO, serverSide: { ...SIDE, bytes: 0 } }],
    ['client-closed', { ...nothing, clientHello: HELLO, clientSide: { ...SIDE, finAtMs: 300 } }],
    ['slow-server', { longestWait: { ms: 9_000, retransmissions: 0 } }],
  ])('%s', (id, more) => {
    expect(judge(facts(more), around).id).toBe(id);
  });

  it('a smaller hello that was answered makes size the reason', () => {
    const dropped = facts({
      ...nothing,
      clientHello: { ...HELLO, bytes: 1_500, retransmissions: 3 },
      clientSide: { ...SIDE, acknowledged: 0 },
    });
    const sure = (answeredHellos: readonly number[]) => judge(dropped, { ...around, answeredHellos }).confidence;
    expect([sure([400]), sure([]), sure([1_600])]).toEqual([0.95, 0.8, 0.5]);
  });

  it('only failures are findings', () => {
    expect(
      ['healthy', 'incomplete', 'client-closed', 'other-protocol', 'dns-no-such-name'].some((id) =>
        isFinding(id as 'healthy'),
      ),
    ).toBe(false);
    expect(['eof', 'rst-later', 'dns-bogus-answer'].every((id) => isFinding(id as 'eof'))).toBe(true);
  });
});

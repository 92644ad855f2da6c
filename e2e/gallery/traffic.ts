/** A made-up trace and a made-up capture, for pictures. */
import type { CaptureSummary, TraceSummary, Traffic } from '../../shared/domain/traffic.ts';

const TRACE: TraceSummary = {
  outcome: 'fell-back',
  cause: 'eof-no-response',
  host: 'proxy.golang.org',
  statements: [
    { key: 'fell-back', params: { host: 'proxy.golang.org', count: 2, other: 'goproxy.cn' } },
    { key: 'no-h2-line', params: { host: 'proxy.golang.org' } },
  ],
  requests: [
    {
      url: 'https://proxy.golang.org/golang.org/x/text/@v/v0.3.0.info',
      at: 40,
      status: null,
      seconds: 0.62,
      error: 'EOF',
      retries: 0,
    },
    {
      url: 'https://goproxy.cn/golang.org/x/text/@v/v0.3.0.info',
      at: 670,
      status: 200,
      seconds: 0.184,
      error: null,
      retries: 0,
    },
    {
      url: 'https://proxy.golang.org/golang.org/x/text/@v/v0.3.0.mod',
      at: 860,
      status: null,
      seconds: 0.59,
      error: 'EOF',
      retries: 0,
    },
    {
      url: 'https://goproxy.cn/golang.org/x/text/@v/v0.3.0.mod',
      at: 1_460,
      status: 200,
      seconds: 0.046,
      error: null,
      retries: 0,
    },
    {
      url: 'https://goproxy.cn/golang.org/x/text/@v/v0.3.0.zip',
      at: 1_520,
      status: 200,
      seconds: 0.912,
      error: null,
      retries: 1,
    },
  ],
  earlier: 0,
  connections: [
    {
      id: '0xc0001',
      host: 'goproxy.cn',
      address: '221.230.244.89:443',
      handshakeMs: 96,
      streams: 3,
      ends: ['GOAWAY NO_ERROR last=1'],
    },
  ],
  lastAt: 2_460,
};

const CAPTURE: CaptureSummary = {
  packets: 214,
  connections: 6,
  questions: 2,
  seconds: 12.4,
  problems: [],
  exchanges: [
    {
      kind: 'connection',
      client: '192.168.1.23:53122',
      server: '142.250.72.81:443',
      name: 'proxy.golang.org',
      verdict: 'rst-after-client-hello',
      isFinding: true,
      confidence: 0.97,
      origin: 'injected',
      evidence: [
        {
          key: 'injector-match',
          params: {
            injector: 'gfw-2',
            source: 'https://www.usenix.org/conference/usenixsecurity23/presentation/wu-mingshi',
          },
        },
      ],
      timeline: [
        { atMs: 0, from: 'client', what: 'syn', detail: null, clientBytes: 0, serverBytes: 0 },
        { atMs: 48.2, from: 'server', what: 'syn-ack', detail: null, clientBytes: 0, serverBytes: 0 },
        {
          atMs: 48.9,
          from: 'client',
          what: 'client-hello',
          detail: 'proxy.golang.org, 1519 B',
          clientBytes: 1_519,
          serverBytes: 0,
        },
        { atMs: 60.3, from: 'server', what: 'rst', detail: null, clientBytes: 1_519, serverBytes: 0 },
      ],
    },
    {
      kind: 'question',
      client: '192.168.1.23:61022',
      server: '192.168.1.1:53',
      name: 'proxy.golang.org A',
      verdict: 'healthy',
      isFinding: false,
      confidence: 0.95,
      origin: null,
      evidence: [],
      timeline: [],
    },
  ],
  more: 0,
};

/** A trace that fell back, or a capture with a forged reset. */
export function trafficAt(now: number, kind: Traffic['kind']): Traffic {
  const isTrace = kind === 'trace';
  return {
    kind,
    source: isTrace ? 'golang.org/x/text@v0.3.0' : 'office.pcapng',
    startedAt: now - 3_000,
    endedAt: now,
    cancelled: false,
    progress: null,
    lines: isTrace ? ['0.040\t# get https://proxy.golang.org/golang.org/x/text/@v/v0.3.0.info'] : [],
    trace: isTrace ? TRACE : null,
    capture: isTrace ? null : CAPTURE,
    problem: null,
    canSave: isTrace,
  };
}

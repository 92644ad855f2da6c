/** A gateway that has survived a few things. */
import type { GatewayState } from '../../shared/domain/gateway.ts';

const AT = Date.UTC(2026, 5, 1, 12);
const CN = 'https://goproxy.cn';
const OFFICIAL = 'https://proxy.golang.org';

/** The state at `now`, with changes. */
export function sampleGateway(change: Partial<GatewayState> = {}, now: number = AT): GatewayState {
  const request = (secondsAgo: number, path: string, more: Partial<GatewayState['requests'][number]> = {}) => ({
    at: now - secondsAgo * 1_000,
    path,
    status: 200,
    bytes: 84_210,
    ms: 212,
    upstream: CN,
    cached: false,
    verified: true,
    survived: [],
    ...more,
  });
  return {
    phase: 'running',
    address: 'http://127.0.0.1:8123',
    problem: null,
    otherPort: null,
    restarts: 0,
    folder: '/Users/me/Library/Caches/Gopherbar/gateway',
    maxBytes: 10_000_000_000,
    figures: {
      requests: 4_812,
      saved: 61,
      savedThisWeek: 23,
      hedges: 118,
      cacheHits: 3_990,
      cacheBytes: 2_410_000_000,
      upstreamBytes: 812_000_000,
      incidents: 1,
      files: 2_204,
      bytes: 1_320_000_000,
    },
    upstreams: [
      { url: CN, isOpen: true, failureRate: 0.42, medianMs: 96 },
      { url: OFFICIAL, isOpen: false, failureRate: 0.01, medianMs: 310 },
    ],
    transfers: [
      {
        module: 'golang.org/toolchain@v0.0.1-go1.27.0.darwin-arm64',
        upstream: OFFICIAL,
        received: 41_000_000,
        total: 72_000_000,
        bytesPerSecond: 300_000,
        stalled: false,
      },
    ],
    prefetch: null,
    requests: [
      request(2, '/github.com/gin-gonic/gin/@v/v1.11.0.zip', {
        upstream: OFFICIAL,
        ms: 1_840,
        survived: [{ upstream: CN, reason: 'closed the connection in the middle of the body' }],
      }),
      request(3, '/golang.org/x/net/@v/v0.48.0.mod', { cached: true, upstream: null, ms: 1, bytes: 410 }),
      request(3, '/golang.org/x/text/@v/list', { verified: false, bytes: 900, ms: 88 }),
      request(9, '/example.org/no-such-module/@latest', {
        status: 404,
        upstream: null,
        verified: false,
        bytes: 0,
        ms: 140,
      }),
    ],
    incidents: [
      {
        at: now - 3_600_000,
        kind: 'mismatch',
        upstream: CN,
        module: 'github.com/spf13/cobra@v1.10.1',
        got: 'h1:AAAAyjAwM5Kt+u1mTAhs4qTSnBbpKlCcvWdSeoQtOFY=',
        want: 'h1:lJeBwCfmrnXthfAupyUTzJ/J0Nc1RsHC/mSRU2dll/s=',
      },
    ],
    ...change,
  };
}

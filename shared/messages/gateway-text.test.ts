import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GatewayTransfer } from '../domain/gateway.ts';
import { formatBytes, shortTransfer, transferText } from './gateway-text.ts';
import { translator } from './messages.ts';

const TOOLCHAIN: GatewayTransfer = {
  module: 'golang.org/toolchain@v0.0.1-go1.27.0.darwin-arm64',
  upstream: 'https://goproxy.cn',
  received: 41_000_000,
  total: 72_000_000,
  bytesPerSecond: 200_000,
  stalled: false,
};

it.each([
  [{}, 'golang.org/toolchain 41 of 72 MB · 200 kB/s · 3 min left'],
  [{ bytesPerSecond: 1_000_000 }, 'golang.org/toolchain 41 of 72 MB · 1000 kB/s · 31 s left'],
  [{ total: null, received: 1_240_000 }, 'golang.org/toolchain 1.2 MB · 200 kB/s'],
  [{ stalled: true }, 'golang.org/toolchain: goproxy.cn has stalled; asking another mirror as well'],
])('says how far a download is: %j', (change, text) => {
  expect(transferText(shortTransfer({ ...TOOLCHAIN, ...change }), translator('en'))).toBe(text);
});

it('says it in Chinese', () => {
  expect(transferText(shortTransfer(TOOLCHAIN), translator('zh-CN'))).toBe(
    'golang.org/toolchain 41 / 72 MB · 200 kB/s · 剩余 3 分钟',
  );
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [84_210, '84 kB'],
  [999_600, '1.0 MB'],
  [1_320_000_000, '1.3 GB'],
])('writes %i bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it('never divides by nothing, whatever is on its way', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (received, more, bytesPerSecond) => {
      const text = transferText({ ...TOOLCHAIN, received, total: received + more, bytesPerSecond }, translator('en'));
      expect(text).not.toMatch(/NaN|Infinity|-\d/);
    }),
  );
});

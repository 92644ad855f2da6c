import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTreeHead } from './tree-head.ts';

const ROOT = 'nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=';
const head = (size: string, root = ROOT) => `go.sum database tree\n${size}\n${root}\n`;
const rootHash = Buffer.from(ROOT, 'base64');

describe('a tree head', () => {
  it.each([
    ['of an empty tree', head('0'), 0],
    ['of a tree', head('9'), 9],
    ['of the largest tree that JavaScript can count', head('9007199254740991'), Number.MAX_SAFE_INTEGER],
    ['with more lines', `${head('9')}more\n\n`, 9],
  ])('%s is read', (_, text, size) => {
    expect(parseTreeHead(text)).toEqual({ ok: true, size, rootHash });
  });

  it.each([
    ['of another version', head('9').replace('tree', 'tree v2')],
    ['with something before it', `\n${head('9')}`],
    ['that is cut', head('9').trimEnd()],
    ['with a size of more than one spelling', head('09')],
    ['with a sign', head('-1')],
    ['with a size beyond counting', head('9007199254740992')],
    ['with a root that is too short', head('9', ROOT.slice(4))],
    ['with a root without its padding', head('9', ROOT.replace('=', ''))],
    ['with a root that is not base64', head('9', ROOT.replace('/', '_'))],
    ['of more than a million bytes', head('9') + 'é'.repeat(500_000)],
  ])('%s is refused', (_, text) => {
    expect(parseTreeHead(text)).toEqual({ ok: false, reason: 'malformed tree note' });
  });

  it('is not found in other texts; never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (size, root) => {
        expect(parseTreeHead(size).ok).toBe(false);
        expect(parseTreeHead(head('9', root)).ok).toBe(false);
        expect(parseTreeHead(head(size)).ok).toBe(/^(?:0|[1-9]\d{0,14})$/.test(size));
      }),
    );
  });
});

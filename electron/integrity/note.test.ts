import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openNote } from './note.ts';
import { parseVerifierKey, type VerifierKey } from './verifier-key.ts';

interface Signer {
  readonly key: VerifierKey;
  /** The signature line of a text. */
  readonly sign: (text: string) => string;
}

function signer(name: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const hash = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  const parsed = parseVerifierKey(`${name}+${hash.toString('hex')}+${bytes.toString('base64')}`);
  if (!parsed.ok) throw new Error(parsed.reason);
  const line = (text: string) => Buffer.concat([hash, sign(null, Buffer.from(text), privateKey)]).toString('base64');
  return { key: parsed.key, sign: (text) => `— ${name} ${line(text)}\n` };
}

const own = signer('sum.example.test');
const other = signer('witness.example');
const namesake = signer('sum.example.test');
const open = (text: string) => openNote(Buffer.from(text), own.key);

const TEXT = 'a text\nof two lines\n';
const SIGNED = own.sign(TEXT);

describe('a note opens', () => {
  it.each([
    ['signed by the key', TEXT, SIGNED],
    ['signed by others, too', TEXT, other.sign(TEXT) + SIGNED + namesake.sign(TEXT)],
    ['whose text has blank lines', 'a\n\nb\n', own.sign('a\n\nb\n')],
    ['whose text is a blank line', '\n', own.sign('\n')],
    ['beyond ASCII', '\ufeffü\u2028\ufffd\n', own.sign('\ufeffü\u2028\ufffd\n')],
    ['signed a hundred times', TEXT, SIGNED.repeat(100)],
    // Go ignores repeated signatures by one key.
    ['signed again, and wrongly', TEXT, SIGNED + own.sign('another\n')],
  ])('%s', (_, text, lines) => {
    expect(open(`${text}\n${lines}`)).toEqual({ ok: true, text });
  });
});

describe('a note does not open', () => {
  it.each([
    ['whose signature is of another text', TEXT, own.sign('another\n'), 'bad-signature'],
    ['whose first signature is wrong', TEXT, own.sign('another\n') + SIGNED, 'bad-signature'],
    ['whose signature is cut', TEXT, SIGNED.replace(/.{4}\n$/, '\n'), 'bad-signature'],
    ['signed by others only', TEXT, other.sign(TEXT), 'unknown-key'],
    ['signed by another key of that name', TEXT, namesake.sign(TEXT), 'unknown-key'],
    ['without signatures', TEXT, '', 'malformed'],
    ['without text', '', SIGNED, 'malformed'],
    ['without a newline at the end', TEXT, SIGNED.trimEnd(), 'malformed'],
    ['with a line that signs nothing', TEXT, `${SIGNED}nothing\n`, 'malformed'],
    ['with a hyphen for the dash', TEXT, SIGNED.replace('—', '-'), 'malformed'],
    ['with a blank too many', TEXT, SIGNED.replace('— ', '—  '), 'malformed'],
    ['with a plus in a name', TEXT, `${SIGNED}— a+b AAAAAAAA\n`, 'malformed'],
    ['with base64 that lacks its padding', TEXT, SIGNED.replace('=', ''), 'malformed'],
    ['with base64 that is none', TEXT, `${SIGNED}— other AAAAA===\n`, 'malformed'],
    ['with a key hash and no signature', TEXT, `${SIGNED}— other AAAAAA==\n`, 'malformed'],
    ['signed a hundred and one times', TEXT, SIGNED.repeat(101), 'malformed'],
    ['with a carriage return', 'a\r\n', own.sign('a\r\n'), 'malformed'],
    ['with a NUL', 'a\0\n', own.sign('a\0\n'), 'malformed'],
  ])('%s', (_, text, lines, reason) => {
    expect(open(`${text}\n${lines}`)).toEqual({ ok: false, reason });
  });

  it('that is not UTF-8', () => {
    const note = Buffer.from(`${TEXT}\n${SIGNED}`);
    note[2] = 0xff;
    expect(openNote(note, own.key)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('with any other bytes: never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }), (bytes, text) => {
        expect(openNote(bytes, own.key).ok).toBe(false);
        expect(open(text).ok).toBe(false);
        expect(open(`${TEXT}\n${SIGNED}${text}\n`).ok).toBe(false);
      }),
    );
    const signature = fc.uint8Array({ minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(signature, (bytes) => {
        const hash = Buffer.alloc(4);
        hash.writeUInt32BE(own.key.hash);
        const line = Buffer.concat([hash, bytes]).toString('base64');
        expect(open(`${TEXT}\n— sum.example.test ${line}\n`)).toEqual({ ok: false, reason: 'bad-signature' });
      }),
    );
  });

  it('changed in any significant bit', () => {
    const note = Buffer.from(`${TEXT}\n${SIGNED}`);
    const opened = Array.from({ length: note.length * 8 }, (_, bit) => {
      const changed = Buffer.from(note);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const result = openNote(changed, own.key);
      if (result.ok) expect(result.text).toBe(TEXT);
      return result.ok ? bit >> 3 : -1;
    }).filter((at) => at >= 0);
    // The last character before the padding has two bits that are not part of the signature.
    expect(new Set([...opened, note.length - 3])).toEqual(new Set([note.length - 3]));
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CLEAR_LINE, ownSequence, terminalText, withoutSequences } from './terminal-text.ts';
import { textWidth } from './text-width.ts';

it.each([
  ['a title', '\u001b]0;owned\u0007', '␛]0;owned␇'],
  ['a cleared screen', '\u001b[2J', '␛[2J'],
  ['a reset of the terminal', '\u001bc', '␛c'],
  ['a device control string', '\u001bP1$r0m\u001b\\', '␛P1$r0m␛\\'],
  ['a C1 sequence', '\u009b31m', '\ufffd31m'],
  ['backspaces', 'safe\b\b\b\bevil', 'safe␈␈␈␈evil'],
  ['a return over the line', 'safe\revil', 'safe␍evil'],
  ['DEL', '\u007f', '␡'],
  ['reordered letters', 'a\u202egpj', 'a\ufffdgpj'],
  ['a forged mark of ours', '\u00010123456789abcdef[2J', '␁0123456789abcdef[2J'],
])('shows %s as text', (_, text, expected) => {
  expect(terminalText(text)).toBe(expected);
});

it('keeps lines, tabs, CSV’s line ends and every script', () => {
  const text = 'a\tb\n1,2\r\n模块代理 é 🙂\n';
  expect(terminalText(text)).toBe(text);
});

it('keeps our own sequences around text that contains others', () => {
  const styled = `${ownSequence('[31m')}evil \u001b[2J${ownSequence('[39m')}`;
  expect(terminalText(styled)).toBe('\u001b[31mevil ␛[2J\u001b[39m');
  expect(terminalText(CLEAR_LINE)).toBe('\u001b[G\u001b[K');
});

it('removes every other control character from any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(terminalText(text).replaceAll('\r\n', '')).not.toMatch(/(?![\t\n])[\p{Cc}\u202a-\u202e]/u);
    }),
  );
});

it('counts the width without our sequences', () => {
  expect(withoutSequences(`${ownSequence('[1m')}go${ownSequence('[22m')}`)).toBe('go');
  expect(textWidth(`${ownSequence('[1m')}代理${ownSequence('[22m')}`)).toBe(4);
});

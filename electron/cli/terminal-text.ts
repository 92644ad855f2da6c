/**
 * The one filter between any text and the terminal. Text of servers, logs and projects must not move the cursor, set
 * the
 * title, clear the screen or reorder what the user reads; our own styles may. ECMA-48 (control functions), UAX #9
 * (bidi).
 */
/**
 * Replaces ESC in our own sequences until they are written. Random, so no other text can contain it; it is never shown,
 * so the generator need not be one for keys (loading node:crypto takes a quarter of a bare node's start).
 */
const MARK = `\u0001${Math.random()}${Math.random()}`;

const ESCAPE = '\u001b';

/** A control sequence of our own, such as `[31m` or `[2K`: survives `terminalText`. */
export function ownSequence(sequence: `[${string}`): string {
  return MARK + sequence;
}

/** Moves to the start of the line and clears it. */
export const CLEAR_LINE = ownSequence('[G') + ownSequence('[K');

/** The text to write: control characters become symbols, our own sequences become real ones. */
export function terminalText(text: string): string {
  return text.split(MARK).map(shown).join(ESCAPE);
}

/** The text without our own sequences: the part that takes up width. */
export function withoutSequences(text: string): string {
  const [first = '', ...rest] = text.split(MARK);
  return first + rest.map((part) => part.replace(/^\[[0-9;?]*[A-Za-z]/, '')).join('');
}

const CONTROLS = /(?!\r\n|[\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Tab, newline and CRLF stay. C0 and DEL have symbols in Unicode (U+2400); the rest becomes U+FFFD. */
function shown(text: string): string {
  return text.replace(CONTROLS, (letter) => {
    const code = letter.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

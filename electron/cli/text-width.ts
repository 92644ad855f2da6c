/** Columns for terminals: Chinese characters take two cells, combining marks none. */
import { withoutSequences } from './terminal-text.ts';

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Letters, marks and drawings that stand alone: each is one character, and nothing combines with it. */
const SIMPLE =
  /^[\x20-\x7e\u00a0-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u25ff\u2713-\u2717\u3001-\u3029\u4e00-\u9fff\uff01-\uff60]*$/;

let segmenter: Intl.Segmenter | null = null;

/** The characters as a person counts them. Loading Intl's data takes 5 ms: not for what needs none of it. */
function* characters(text: string): Iterable<string> {
  if (SIMPLE.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Cells a text takes; colour codes take none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of characters(withoutSequences(text))) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** Pads to a width on the right (or, for numbers, on the left). */
export function pad(text: string, width: number, side: 'right' | 'left' = 'right'): string {
  const fill = ' '.repeat(Math.max(0, width - textWidth(text)));
  return side === 'right' ? text + fill : fill + text;
}

/** Cuts to a width; what was cut is shown by `…`. For texts without colour codes. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let used = 1;
  for (const segment of characters(text)) {
    used += WIDE.test(segment) ? 2 : 1;
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Lines of at most `width` cells, broken at spaces, or anywhere in a word (or Chinese sentence) that is longer. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const segment of characters(word)) {
      if (textWidth(line + segment) > width) {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
  }
  return [...lines, line];
}

/** Untrusted text on one line of a terminal: control characters, which could move the cursor, become `?`. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}

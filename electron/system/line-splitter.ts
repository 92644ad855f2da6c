/** Text that comes in pieces, as lines. Memory is that of one line at most, and the time is that of the text's length. */

/** Splits at LF, CRLF and CR. A longer line is cut to `maxLength` letters, and the rest of it dropped. */
export class LineSplitter {
  readonly #maxLength: number;
  readonly #onLine: (line: string) => void;
  #line = '';
  #isLineOpen = false;
  #afterReturn = false;

  constructor(maxLength: number, onLine: (line: string) => void) {
    this.#maxLength = maxLength;
    this.#onLine = onLine;
  }

  /** The next piece, cut anywhere. */
  write(text: string): void {
    if (text === '') return;
    // CRLF between two pieces is one end.
    let from = this.#afterReturn && text.startsWith('\n') ? 1 : 0;
    this.#afterReturn = text.endsWith('\r');
    const ends = /\r\n?|\n/g;
    ends.lastIndex = from;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      this.#append(text, from, end.index);
      this.#emit();
      from = ends.lastIndex;
    }
    if (from < text.length) this.#append(text, from, text.length);
  }

  /** Hands on a last line without an end. */
  end(): void {
    if (this.#isLineOpen) this.#emit();
  }

  #append(text: string, from: number, to: number): void {
    this.#isLineOpen = true;
    const room = this.#maxLength - this.#line.length;
    if (room > 0) this.#line += text.slice(from, Math.min(to, from + room));
  }

  #emit(): void {
    const line = this.#line;
    this.#line = '';
    this.#isLineOpen = false;
    this.#onLine(line);
  }
}

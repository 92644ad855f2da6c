/**
 * Any length of output, read as it comes: cut into pieces between messages, each explained by itself, so that memory
 * stays small and an error in the middle of hundreds of megabytes is found.
 */
import { LineSplitter } from '../system/line-splitter.ts';
import { explain } from './explain.ts';
import type { Finding } from './finding.ts';
import { fold } from './fold.ts';
import { sift } from './sift.ts';

/** Lines of a piece; it ends at the next line that begins a message, or at the hard limit. */
const PIECE_LINES = 4_000;
const HARD_LINES = 8_000;

/** A line without an end is cut: no message of `go` is longer. */
const MAX_LINE = 8_000;

/** More different troubles say nothing more. */
const MAX_FINDINGS = 200;

/** Read in less time than a thread takes to start, letters or bytes; longer texts are read in one. */
export const SHORT_LOG = 20_000;

/** A line that can only be the first of a message. */
const BEGINS = /^(?:go: |go\[|fatal: |verifying |# get |[\d.]+s # )/;

export class LogReader {
  readonly #found = new Map<string, Finding>();
  readonly #splitter = new LineSplitter(MAX_LINE, (line) => this.#push(line));
  #lines: string[] = [];

  /** The next part of the text, cut anywhere. */
  add(text: string): void {
    this.#splitter.write(text);
  }

  /** Everything that went wrong, the decisive first. `interrupted` as in `explain`. */
  end({ interrupted = false } = {}): readonly Finding[] {
    this.#splitter.end();
    const last = explain(this.#lines.join('\n'), { interrupted, partial: this.#found.size > 0 });
    for (const finding of last) this.#keep(finding);
    return fold([...this.#found.values()]);
  }

  #push(line: string): void {
    const { length } = this.#lines;
    if (length >= HARD_LINES || (length >= PIECE_LINES && BEGINS.test(line))) this.#explainPiece();
    this.#lines.push(line);
  }

  #explainPiece(): void {
    const lines = sift(this.#lines);
    this.#lines = [];
    if (lines.length === 0) return;
    for (const finding of explain(lines.join('\n'), { partial: true })) this.#keep(finding);
  }

  #keep(finding: Finding): void {
    const key = `${finding.cause} ${finding.host}`;
    if (!this.#found.has(key) && this.#found.size < MAX_FINDINGS) this.#found.set(key, finding);
  }
}

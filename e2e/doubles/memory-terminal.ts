/** A terminal in memory, for commands that are tested in the process of the test. */
import { PassThrough } from 'node:stream';
import type { CliInput, CliIo } from '../../electron/cli/cli-io.ts';
import { runCli } from '../../electron/cli/run.ts';
import { terminalText } from '../../electron/cli/terminal-text.ts';
import { type Clock, systemClock } from '../../electron/system/clock.ts';
import type { Env } from '../../electron/system/files.ts';
import type { Language } from '../../shared/domain/snapshot.ts';
import { translator } from '../../shared/messages/messages.ts';

interface MemoryTerminalOptions {
  readonly env?: Env;
  /** The working directory; `/` unless given. */
  readonly folder?: string;
  readonly language?: Language;
  /** Whether input and output are a terminal, 100 cells wide. */
  readonly isTerminal?: boolean;
  /** What standard input holds. */
  readonly input?: string;
}

export class MemoryTerminal {
  readonly io: CliIo;
  /** Raw mode of the keyboard as it was set, in order. */
  readonly rawModes: boolean[] = [];
  readonly #input = new PassThrough();
  readonly #interrupted = new AbortController();
  readonly #closing: (() => Promise<void>)[] = [];
  #out = '';
  #errors = '';

  constructor({ env = {}, folder = '/', language = 'en', isTerminal = false, input }: MemoryTerminalOptions = {}) {
    if (input !== undefined) this.#input.end(input);
    const keyboard: CliInput = Object.assign(this.#input, {
      isTTY: isTerminal,
      setRawMode: (raw: boolean) => this.rawModes.push(raw),
    });
    this.io = {
      env,
      folder,
      input: () => keyboard,
      language,
      t: translator(language),
      isTerminal,
      showsProgress: isTerminal,
      columns: () => 100,
      out: (text) => {
        this.#out += terminalText(text);
      },
      error: (text) => {
        this.#errors += terminalText(text);
      },
      pass: (stream, bytes) => {
        if (stream === 'stdout') this.#out += bytes.toString();
        else this.#errors += bytes.toString();
      },
      style: (_, text) => text,
      signal: this.#interrupted.signal,
      atEnd: (close) => void this.#closing.push(close),
    };
  }

  get out(): string {
    return this.#out;
  }

  get errors(): string {
    return this.#errors;
  }

  /** Closes what a command that was called with `io` itself has opened. */
  async end(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }

  /** Types keys. */
  press(keys: string): void {
    this.#input.write(keys);
  }

  /** As Ctrl-C outside raw mode, or SIGTERM. */
  interrupt(): void {
    this.#interrupted.abort();
  }

  /** `gopherbar ARGS`, run to its end in this process. */
  async run(args: readonly string[], clock: Clock = systemClock): Promise<{ code: number; out: string; err: string }> {
    const code = await runCli(args, this.io, clock);
    return { code, out: this.#out, err: this.#errors };
  }
}

/** A zip from one upstream into a file: resumed where it broke off, from the same upstream and the same bytes only. */
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpHead } from '../system/http-client.ts';
import { type Asking, CANCELLED, MAX_ZIP_BYTES, notOk, requestFor, routePath } from './ask-upstream.ts';
import type { Attempted } from './race.ts';
import type { ModuleRoute } from './route.ts';
import type { Upstream } from './upstream.ts';

/** What is known while a zip comes. */
export interface ZipProgress {
  bytes(received: number, total: number | null): void;
  stalled(): void;
}

/** How often one download is resumed. */
const MAX_RESUMES = 6;
/** A body silent for this long has stalled: a second upstream is asked as well. */
const STALL_MS = 3_000;

/** Downloads into `file`, which is made or overwritten. Never rejects. */
export async function downloadZip(
  asking: Asking,
  upstream: Upstream,
  route: Extract<ModuleRoute, { kind: 'mod' | 'zip' }>,
  cachedOnly: boolean,
  file: string,
  signal: AbortSignal,
  progress: ZipProgress,
): Promise<Attempted<number>> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'w');
  } catch (error) {
    return { kind: 'given-up', reason: `cannot write ${file}: ${error instanceof Error ? error.message : ''}` };
  }
  try {
    return await new Download(asking, upstream, route, cachedOnly, handle, signal, progress).run();
  } finally {
    await handle.close().catch(() => {});
  }
}

class Download {
  #received = 0;
  #total: number | null = null;
  /** A strong ETag, else a Last-Modified: what If-Range wants (RFC 9110 §13.1.5). */
  #validator: string | null = null;
  #began = 0;
  readonly #asking: Asking;
  readonly #upstream: Upstream;
  readonly #path: string;
  readonly #cachedOnly: boolean;
  readonly #file: FileHandle;
  readonly #signal: AbortSignal;
  readonly #progress: ZipProgress;

  constructor(
    asking: Asking,
    upstream: Upstream,
    route: Extract<ModuleRoute, { kind: 'mod' | 'zip' }>,
    cachedOnly: boolean,
    file: FileHandle,
    signal: AbortSignal,
    progress: ZipProgress,
  ) {
    this.#asking = asking;
    this.#upstream = upstream;
    this.#path = routePath(route);
    this.#cachedOnly = cachedOnly;
    this.#file = file;
    this.#signal = signal;
    this.#progress = progress;
  }

  async run(): Promise<Attempted<number>> {
    for (let resumes = 0; ; resumes += 1) {
      const before = this.#received;
      const ended = await this.#transfer();
      if (ended !== 'broken') return ended;
      const canResume = this.#validator !== null && this.#received > 0 && resumes < MAX_RESUMES;
      // Twice without a byte: it will not go on.
      if (!canResume || (resumes > 1 && this.#received === before)) {
        return { kind: 'failed', reason: `the zip broke off after ${this.#received} bytes` };
      }
      await delay(50 * 2 ** resumes, undefined, { signal: this.#signal }).catch(() => {});
    }
  }

  async #transfer(): Promise<Attempted<number> | 'broken'> {
    const { client, clock } = this.#asking;
    const isResume = this.#received > 0 && this.#validator !== null;
    const headers: Record<string, string> = isResume
      ? { range: `bytes=${this.#received}-`, 'if-range': this.#validator ?? '' }
      : {};
    this.#began = clock.monotonic();
    const request = requestFor(this.#upstream, this.#path, this.#cachedOnly, MAX_ZIP_BYTES, this.#signal, headers);
    let refusal: HttpHead | null = null;
    let writeError: string | null = null;
    const text: Buffer[] = [];
    let stopStall = () => {};
    const watchStall = (limitMs = STALL_MS) => {
      stopStall();
      stopStall = clock.after(limitMs, () => {
        this.#progress.stalled();
        watchStall(2 * limitMs);
      });
    };
    // The first answer is waited for by the race, which knows how long this upstream usually takes.
    if (isResume) watchStall();
    const result = await client.stream(request, {
      head: (head) => {
        const isPart = isResume && head.status === 206 && this.#continues(head);
        if (isPart) return watchStall();
        if (head.status !== 200) {
          refusal = head;
          return;
        }
        // Other bytes, or all of them once more: from the beginning.
        this.#begin(head);
        watchStall();
      },
      chunk: (bytes) => {
        if (refusal !== null) {
          text.push(bytes);
          return;
        }
        watchStall();
        const at = this.#received;
        this.#received += bytes.length;
        this.#progress.bytes(this.#received, this.#total);
        return this.#file.write(bytes, 0, bytes.length, at).then(
          () => {},
          (error: unknown) => {
            writeError = error instanceof Error ? error.message : String(error);
            throw error;
          },
        );
      },
    });
    stopStall();
    if (result.outcome === 'cancelled') return CANCELLED;
    if (writeError !== null) return { kind: 'given-up', reason: `cannot write the download: ${writeError}` };
    const now = clock.monotonic();
    if (result.outcome === 'failed') return this.#broken(result.failure.cause, result.failure.message, now);
    if (refusal !== null) return this.#refused(refusal, Buffer.concat(text), now);
    if (this.#total !== null && this.#received !== this.#total) return this.#broken('body-truncated', 'too short', now);
    await this.#file.truncate(this.#received);
    return { kind: 'have', value: this.#received };
  }

  #begin({ headers }: HttpHead): void {
    const { clock } = this.#asking;
    const etag = headers.etag?.startsWith('"') === true ? headers.etag : null;
    const length = headers['content-length'];
    this.#received = 0;
    this.#total = length === undefined ? null : Number(length);
    this.#validator = this.#total === null ? null : (etag ?? headers['last-modified'] ?? null);
    this.#upstream.succeeded(clock.monotonic(), clock.monotonic() - this.#began);
  }

  /** Whether a 206 goes on exactly where we stopped, in a body of the same length (RFC 9110 §14.4). */
  #continues({ headers }: HttpHead): boolean {
    const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
    return Number(from) === this.#received && Number(total) === this.#total;
  }

  #broken(cause: string, message: string, now: number): Attempted<number> | 'broken' {
    this.#upstream.failed(now, null);
    if (cause === 'response-too-large') return { kind: 'failed', reason: message, isFinal: true };
    if (this.#received === 0) return { kind: 'failed', reason: `${cause} (${message})` };
    return 'broken';
  }

  async #refused(head: HttpHead, body: Buffer, now: number): Promise<Attempted<number> | 'broken'> {
    // In the middle of a download any refusal is a break: a 206 that does not fit, a 416, a 503.
    const ended = await notOk(this.#asking, this.#upstream, head, body, now - this.#began);
    if (this.#received === 0 || ended.kind === 'blocked') return ended;
    return ended.kind === 'failed' && ended.isFinal !== true
      ? 'broken'
      : { kind: 'failed', reason: `status ${head.status}` };
  }
}

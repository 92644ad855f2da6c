/**
 * Adds a memory to a pool: the signed tree head that each checksum database showed last, kept in a file, so that one that
 * forgets or rewrites is caught after a restart, too (as cmd/go keeps `$GOPATH/pkg/sumdb/<name>/latest`).
 */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { writeFileAtomic } from '../system/files.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';

const file = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));

export class TreeHeadPool implements ProbePool {
  readonly #inner: ProbePool;
  readonly #path: string;
  #heads: Promise<Map<string, string>> | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(inner: ProbePool, path: string) {
    this.#inner = inner;
    this.#path = path;
  }

  async probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    if (request.endpoint.kind !== 'sumdb') return this.#inner.probe(request, signal);
    const heads = await this.#load();
    const key = request.endpoint.url;
    const result = await this.#inner.probe({ ...request, treeHead: request.treeHead ?? heads.get(key) }, signal);
    const head = result.outcome === 'ok' ? result.evidence.treeHead : undefined;
    if (head !== undefined && head !== heads.get(key) && sizeOf(head) >= sizeOf(heads.get(key))) {
      heads.set(key, head);
      this.#save(heads);
    }
    return result;
  }

  async close(): Promise<void> {
    await this.#inner.close();
    await this.#writing;
  }

  #load(): Promise<Map<string, string>> {
    this.#heads ??= readFile(this.#path, 'utf8').then(
      (text) => {
        const parsed = v.safeParse(file, text);
        return new Map(parsed.success ? Object.entries(parsed.output) : []);
      },
      () => new Map(),
    );
    return this.#heads;
  }

  /** A head that could not be written is only a proof less: the probe itself stands. */
  #save(heads: ReadonlyMap<string, string>): void {
    const text = JSON.stringify(Object.fromEntries(heads));
    this.#writing = this.#writing.then(() => writeFileAtomic(this.#path, text)).catch(() => {});
  }
}

/** The number of records a head speaks of; an older head must not take a newer one's place. */
function sizeOf(head: string | undefined): number {
  return Number(/^go\.sum database tree\n(\d+)\n/.exec(head ?? '')?.[1] ?? 0);
}

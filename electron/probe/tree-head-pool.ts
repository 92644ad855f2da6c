/**
 * Adds a memory to a pool: the signed tree head that each checksum database showed last, kept in a file, so that one that
 * forgets or rewrites is caught after a restart, too (as cmd/go keeps `$GOPATH/pkg/sumdb/<name>/latest`).
 */
import * as v from 'valibot';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { JsonFile, type JsonFilePorts } from '../system/json-file.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';

/** URL of a checksum database → its newest signed tree head. */
type Heads = Readonly<Record<string, string>>;

export class TreeHeadPool implements ProbePool {
  readonly #inner: ProbePool;
  readonly #file: JsonFile<Heads>;
  #heads: Promise<Map<string, string>> | null = null;

  constructor(inner: ProbePool, path: string, ports: JsonFilePorts) {
    this.#inner = inner;
    this.#file = new JsonFile<Heads>({ ...ports, path, schema: v.record(v.string(), v.string()), empty: {} });
  }

  async probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    if (request.endpoint.kind !== 'sumdb') return this.#inner.probe(request, signal);
    const heads = await this.#load();
    const key = request.endpoint.url;
    const result = await this.#inner.probe({ ...request, treeHead: request.treeHead ?? heads.get(key) }, signal);
    const head = result.outcome === 'ok' ? result.evidence.treeHead : undefined;
    if (head !== undefined && head !== heads.get(key) && sizeOf(head) >= sizeOf(heads.get(key))) {
      heads.set(key, head);
      // Not awaited: a head that could not be written is reported by the file, and the probe itself stands.
      void this.#file.replace(Object.fromEntries(heads));
    }
    return result;
  }

  async close(): Promise<void> {
    await this.#inner.close();
    await this.#file.close();
  }

  /** A file that cannot be read starts an empty memory; the file reports it. */
  #load(): Promise<Map<string, string>> {
    this.#heads ??= this.#file.read().then((heads) => new Map(heads.ok ? Object.entries(heads.value) : []));
    return this.#heads;
  }
}

/** The number of records a head speaks of; an older head must not take a newer one's place. */
function sizeOf(head: string | undefined): number {
  return Number(/^go\.sum database tree\n(\d+)\n/.exec(head ?? '')?.[1] ?? 0);
}

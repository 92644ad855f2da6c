/** Names that samples refer to by small numbers: endpoints and causes. A name is never renamed, a number never reused. */
import type { DatabaseSync } from 'node:sqlite';

/** The names of one table with their numbers, kept in memory. */
export class NameTable {
  readonly #database: DatabaseSync;
  readonly #table: 'endpoint' | 'cause';
  readonly #firstId: number;
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, string>();

  constructor(database: DatabaseSync, table: 'endpoint' | 'cause', firstId: number) {
    this.#database = database;
    this.#table = table;
    this.#firstId = firstId;
    this.reload();
  }

  /** Forgets what a rolled-back transaction gave out. */
  reload(): void {
    this.#ids.clear();
    this.#names.clear();
    for (const row of this.#database.prepare(`SELECT id, name FROM ${this.#table}`).all()) {
      this.#keep(Number(row.id), String(row.name));
    }
  }

  /** The number of a name that has one; another process may have given it since. */
  find(name: string): number | undefined {
    if (!this.#ids.has(name)) this.reload();
    return this.#ids.get(name);
  }

  /** The number of a name, given to it now if it has none; inside a transaction. */
  idOf(name: string): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    const id = Math.max(this.#firstId - 1, ...this.#names.keys()) + 1;
    this.#database.prepare(`INSERT INTO ${this.#table} (id, name) VALUES (?, ?)`).run(id, name);
    this.#keep(id, name);
    return id;
  }

  /** The name of a number that a stored row refers to; empty when there is none (a row written by hand). */
  nameOf(id: number): string {
    if (!this.#names.has(id)) this.reload();
    return this.#names.get(id) ?? '';
  }

  /** Every name with its number. */
  all(): Iterable<readonly [name: string, id: number]> {
    return this.#ids;
  }

  #keep(id: number, name: string): void {
    this.#ids.set(name, id);
    this.#names.set(id, name);
  }
}

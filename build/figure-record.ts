/** A measurement of docs/figures as the page of all figures reads it. */

/** A number of a measurement. `atMost` and `atLeast` are goals; without one it is only reported. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** How a measurement is repeated, and what of it is shown. */
export interface Source {
  /** After `npm run`. */
  readonly command: string;
  readonly figures: (record: Record) => readonly Figure[];
}

/** A JSON object whose fields are read by name, each once checked: a measurement of another shape fails the page. */
export class Record {
  readonly #value: object;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`);
    this.#value = value;
  }

  number(...path: readonly string[]): number {
    const value = this.#at(path);
    if (typeof value !== 'number') throw new Error(`${path.join('.')} is not a number`);
    return value;
  }

  text(name: string): string {
    const value = this.#at([name]);
    return typeof value === 'string' ? value : '';
  }

  /** Elements of a list. */
  rows(...path: readonly string[]): readonly Record[] {
    const value = this.#at(path);
    if (!Array.isArray(value)) throw new Error(`${path.join('.')} is not a list`);
    return value.map((row) => new Record(row));
  }

  length(name: string): number {
    const value = this.#at([name]);
    return Array.isArray(value) ? value.length : 0;
  }

  /** Fields that are objects. */
  parts(): readonly (readonly [name: string, part: Record])[] {
    return Object.entries(this.#value).flatMap(([name, part]) =>
      typeof part === 'object' && part !== null && !Array.isArray(part) ? [[name, new Record(part)] as const] : [],
    );
  }

  part(name: string): Record {
    return new Record(this.#at([name]));
  }

  #at(path: readonly string[]): unknown {
    return path.reduce<unknown>((value, name) => Reflect.get(new Object(value), name), this.#value);
  }
}

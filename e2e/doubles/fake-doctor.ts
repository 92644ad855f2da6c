/** A doctor for tests of what stands around it: notes what was asked, keeps nothing. */
import type { Doctor, Done } from '../../electron/engine/engine-ports.ts';

const DONE: Done = { ok: true };

export class FakeDoctor implements Doctor {
  /** Method names and arguments, in order. */
  readonly calls: string[] = [];
  doh: string | null = '<plist/>';

  start(target: string, incidentId: string | null): Done {
    return this.#note(`start ${target} ${incidentId}`);
  }

  cancel(): Done {
    return this.#note('cancel');
  }

  current(): null {
    return null;
  }

  kept(): readonly [] {
    return [];
  }

  recall(startedAt: number): Done {
    return this.#note(`recall ${startedAt}`);
  }

  async report(format: string): Promise<string> {
    return `report as ${format}`;
  }

  dohProfile(): string | null {
    return this.doh;
  }

  explain(): readonly [] {
    return [];
  }

  onChange(): () => void {
    return () => {};
  }

  async close(): Promise<void> {}

  #note(call: string): Done {
    this.calls.push(call);
    return DONE;
  }
}

/** A doctor for tests of what stands around it: notes what was asked, keeps nothing. */
import type { Doctor } from '../../electron/engine/engine-ports.ts';
import { DONE, type Outcome } from '../../shared/domain/outcome.ts';

export class FakeDoctor implements Doctor {
  /** Method names and arguments, in order. */
  readonly calls: string[] = [];
  doh: string | null = '<plist/>';

  start(target: string, incidentId: string | null): Outcome {
    return this.#note(`start ${target} ${incidentId}`);
  }

  cancel(): Outcome {
    return this.#note('cancel');
  }

  current(): null {
    return null;
  }

  kept(): readonly [] {
    return [];
  }

  recall(startedAt: number): Outcome {
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

  #note(call: string): Outcome {
    this.calls.push(call);
    return DONE;
  }
}

/** Policies for tests of what stands around them: notes what was asked. */

import type { Policy } from '../../electron/engine/engine-ports.ts';
import { DONE, type Outcome } from '../../shared/domain/outcome.ts';
import type { PolicyReading } from '../../shared/domain/policy.ts';

export class FakePolicy implements Policy {
  /** Method names and arguments, in order. */
  readonly calls: string[] = [];

  async last(): Promise<null> {
    return null;
  }

  async read(privileged: boolean): Promise<PolicyReading> {
    this.calls.push(`read ${privileged}`);
    throw new Error('nothing to read');
  }

  async reset(service: string, bundleId: string): Promise<Outcome> {
    this.calls.push(`reset ${service} ${bundleId}`);
    return DONE;
  }

  async flushDns(): Promise<Outcome> {
    this.calls.push('flushDns');
    return DONE;
  }

  async uses(): Promise<readonly []> {
    return [];
  }
}

/** Traffic for tests of what stands around it: notes what was asked. */

import type { TrafficService } from '../../electron/engine/engine-ports.ts';
import { DONE, type Outcome } from '../../shared/domain/outcome.ts';
import type { RecordingPlan, Traffic } from '../../shared/domain/traffic.ts';

export class FakeTraffic implements TrafficService {
  /** Method names and arguments, in order. */
  readonly calls: string[] = [];

  trace(module: string, frames: boolean): Outcome {
    this.calls.push(`trace ${module} ${frames}`);
    return DONE;
  }

  open(file: string): Outcome {
    this.calls.push(`open ${file}`);
    return DONE;
  }

  async plan(hosts: readonly string[], seconds: number): Promise<RecordingPlan> {
    this.calls.push(`plan ${hosts.join(' ')} ${seconds}`);
    return { ok: true, command: 'sudo tcpdump' };
  }

  async record(hosts: readonly string[], seconds: number): Promise<Outcome> {
    this.calls.push(`record ${hosts.join(' ')} ${seconds}`);
    return DONE;
  }

  cancel(): Outcome {
    this.calls.push('cancel');
    return DONE;
  }

  async save(file: string): Promise<void> {
    if (file.startsWith('/full/')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    this.calls.push(`save ${file}`);
  }

  current(): Traffic | null {
    return null;
  }

  onChange(): () => void {
    return () => {};
  }

  async close(): Promise<void> {}
}

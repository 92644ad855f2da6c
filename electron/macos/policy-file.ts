/** The file that keeps the last reading of this Mac's policies, so that the next one can say what changed. */
import * as v from 'valibot';
import { policyReadingSchema } from '../../shared/contract/schemas/policy.ts';
import type { PolicyReading } from '../../shared/domain/policy.ts';
import { JsonFile, type JsonFilePorts } from '../system/json-file.ts';

/** null = no reading yet. */
export type PolicyFile = JsonFile<PolicyReading | null>;

/** Opens the file; missing until the first reading is stored. */
export function openPolicyFile(path: string, ports: JsonFilePorts): PolicyFile {
  return new JsonFile<PolicyReading | null>({ ...ports, path, schema: v.nullable(policyReadingSchema), empty: null });
}

/** null when there is none, or none that can be read (which the file reports). */
export async function lastReading(file: PolicyFile): Promise<PolicyReading | null> {
  const read = await file.read();
  return read.ok ? read.value : null;
}

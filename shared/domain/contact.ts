/** Whom Gopherbar contacts, and why. */
import { ENDPOINT_KINDS } from './endpoint.ts';

/** An endpoint's kind: probed on a schedule; `resolver`: looks names up; `doctor`: asked by the doctor only. */
export const CONTACT_REASONS = [...ENDPOINT_KINDS, 'resolver', 'doctor'] as const;
export type ContactReason = (typeof CONTACT_REASONS)[number];

export interface Contact {
  /** A URL or an address, without secrets. */
  readonly host: string;
  readonly reason: ContactReason;
}

/** Whom Gopherbar contacts, and why. */
import { ENDPOINT_KINDS } from './endpoint.ts';

/**
 * An endpoint's kind: probed on a schedule; `resolver`: looks names up; `doctor`: asked by the doctor only;
 * `status`: where an operator reports incidents, read by the doctor during an outage, if that is allowed;
 * `profile`: a profile's proxy, asked by the doctor, why and verify; `go`: what go uses, asked by doctor, why, verify and
 * by go itself in a download; `gateway`: fetched from by the gateway; `vulnerabilities`: the database that lint reads when asked to;
 * `updates`: where the app looks for newer versions of itself; `metrics`: the collector that metrics are sent to.
 */
export const CONTACT_REASONS = [
  ...ENDPOINT_KINDS,
  'resolver',
  'doctor',
  'status',
  'profile',
  'gateway',
  'go',
  'vulnerabilities',
  'updates',
  'metrics',
] as const;
export type ContactReason = (typeof CONTACT_REASONS)[number];

export interface Contact {
  /** A URL or an address, without secrets. */
  readonly host: string;
  readonly reason: ContactReason;
}

/** Faults of the TLS handshake. */
import type { SecureContextOptions } from 'node:tls';
import type { Fault } from '../fault.ts';

/** Server options that make every modern client fail. */
export function faultyTls(fault: Fault | null): SecureContextOptions {
  if (fault?.type === 'old-tls') return { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
  // A cipher for RSA keys only, while the lab's keys are ECDSA: no shared cipher, hence a handshake_failure alert.
  if (fault?.type === 'tls-alert') return { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES128-GCM-SHA256' };
  return {};
}

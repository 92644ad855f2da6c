/** Certificates for the captures of TLS 1.2, from the lab's authority. */
import { X509Certificate } from 'node:crypto';
import { LabAuthority, type LeafKind } from '../certificates.ts';
import type { LabChains } from './success-captures.ts';

export async function labChains(serverName = 'proxy.golang.org'): Promise<LabChains> {
  const authority = await LabAuthority.create();
  const chain = async (kind: LeafKind) => {
    const { cert } = await authority.leaf(kind, [serverName]);
    return [new X509Certificate(cert).raw, new X509Certificate(authority.ca).raw];
  };
  return { good: await chain('good'), expired: await chain('expired'), wrongHost: await chain('wrong-host') };
}

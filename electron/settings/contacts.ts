/** The hosts that these settings make Gopherbar contact. */
import type { Contact } from '../../shared/domain/contact.ts';
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';

interface ContactingSettings {
  readonly monitor: {
    readonly endpoints: readonly { readonly url: string; readonly kind: EndpointKind }[];
    readonly network: { readonly resolver?: string | undefined };
  };
  readonly doctorResolvers: readonly string[];
}

/** Every host by name; the doctor and a traced download also contact the hosts that `go` does. */
export function contactsOf({ monitor, doctorResolvers }: ContactingSettings): readonly Contact[] {
  const { endpoints, network } = monitor;
  return [
    ...endpoints.map(({ url, kind }) => ({ host: redactUrl(url), reason: kind })),
    ...(network.resolver === undefined ? [] : [{ host: network.resolver, reason: 'resolver' } as const]),
    ...doctorResolvers.map((url) => ({ host: redactUrl(url), reason: 'doctor' }) as const),
  ];
}

/**
 * A configuration profile that makes macOS ask a resolver over HTTPS, for networks that lie over UDP. Payload
 * `com.apple.dnsSettings.managed` (Apple, Device Management: DNSSettings; macOS 11 and later). Unsigned: System Settings
 * says so, and asks before it installs anything.
 */
import plist from 'plist';

/** XML of a .mobileconfig. `uuid` gives a new UUID at each call; `addresses` are those of the resolver, or []. */
export function dohProfile(url: string, addresses: readonly string[], uuid: () => string): string {
  const { host, hostname } = new URL(url);
  const id = `app.gopherbar.dns.${hostname.replace(/[^a-z0-9.-]/gi, '-')}`;
  const settings = {
    PayloadType: 'com.apple.dnsSettings.managed',
    PayloadIdentifier: `${id}.settings`,
    PayloadUUID: uuid(),
    PayloadVersion: 1,
    PayloadDisplayName: `DNS over HTTPS: ${host}`,
    DNSSettings: {
      DNSProtocol: 'HTTPS',
      ServerURL: url,
      ...(addresses.length === 0 ? {} : { ServerAddresses: [...addresses] }),
    },
    ProhibitDisablement: false,
  };
  const profile = {
    PayloadContent: [settings],
    PayloadType: 'Configuration',
    PayloadIdentifier: id,
    PayloadUUID: uuid(),
    PayloadVersion: 1,
    PayloadDisplayName: 'Gopherbar: DNS over HTTPS',
    PayloadDescription: `Asks ${host} for names, over HTTPS. Remove it in System Settings to undo.`,
    PayloadRemovalDisallowed: false,
  };
  return `${plist.build(profile)}\n`;
}

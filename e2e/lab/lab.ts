/** The lab: one certificate authority, one DNS server, and as many misbehaving proxies as wanted. All on loopback. */
import { LabAuthority } from './certificates.ts';
import { DnsServer } from './dns-server.ts';
import type { Transport } from './fault.ts';
import { GoproxyServer } from './goproxy-server.ts';
import { type SecureDns, startSecureDns } from './secure-dns.ts';

export interface Lab {
  readonly authority: LabAuthority;
  readonly dns: DnsServer;
  /** Starts a proxy whose name resolves through the lab's DNS server. */
  proxy(options: { host: string; transport: Transport; address?: string; port?: number }): Promise<GoproxyServer>;
  /** Encrypted resolvers in front of the lab's DNS server, under this name. */
  secureDns(host: string): Promise<SecureDns>;
  /** Heals everything. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the lab; `close` leaves nothing open. */
export async function startLab(): Promise<Lab> {
  const authority = await LabAuthority.create();
  const dns = await DnsServer.start();
  const proxies: GoproxyServer[] = [];
  return {
    authority,
    dns,
    async proxy({ host, transport, address = '127.0.0.1', port = 0 }) {
      const server = await GoproxyServer.start({ transport, hosts: [host, address], authority, address, port });
      dns.names.set(host, [address]);
      proxies.push(server);
      return server;
    },
    async secureDns(host) {
      dns.names.set(host, ['127.0.0.1']);
      return startSecureDns(await authority.leaf('good', [host]), dns.address);
    },
    async reset() {
      dns.fault = null;
      dns.delayMs = 0;
      await Promise.all(proxies.map((proxy) => proxy.setFault(null)));
    },
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await dns.close();
    },
  };
}

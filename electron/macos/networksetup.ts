/** networksetup(8): settings of one network service. Reads need no administrator. */
import { isIP } from 'node:net';
import { linesOf, type Read, unreadLine } from './lines.ts';

/** `-getdnsservers SERVICE`: none means that DHCP's are used. */
export function parseDnsServers(
  text: string,
): Read<{ readonly servers: readonly string[]; readonly source: 'dhcp' | 'set' }> {
  const { lines, unread } = linesOf(text);
  const servers: string[] = [];
  const strange = [...unread];
  for (const line of lines) {
    const said = line.text.trim();
    if (isIP(said.replace(/%\w+$/, '')) !== 0) servers.push(said);
    else if (!/^There (?:aren['’]t|are not) any DNS Servers set on /.test(said)) strange.push(unreadLine(line));
  }
  return { value: { servers, source: servers.length === 0 ? 'dhcp' : 'set' }, unread: strange };
}

/** `-listallnetworkservices`: names are localised and may hold blanks. */
export function parseNetworkServices(
  text: string,
): Read<{ readonly services: readonly { readonly name: string; readonly enabled: boolean }[] }> {
  const { lines, unread } = linesOf(text);
  const services = lines
    .filter(({ number, text: line }) => !(number === 1 && /asterisk|\(\*\)/.test(line)))
    .map(({ text: line }) => ({ name: line.trim().replace(/^\*/, ''), enabled: !line.trim().startsWith('*') }));
  return { value: { services }, unread };
}

/** The proxy of one network service; null = not said. */
export interface ServiceProxy {
  readonly enabled: boolean | null;
  readonly server: string | null;
  readonly port: number | null;
  readonly authenticated: boolean | null;
}

/** `-getwebproxy`, `-getsecurewebproxy`, `-getsocksfirewallproxy`. */
export function parseServiceProxy(text: string): Read<ServiceProxy> {
  const { lines, unread } = linesOf(text);
  const proxy: { -readonly [K in keyof ServiceProxy]: ServiceProxy[K] } = {
    enabled: null,
    server: null,
    port: null,
    authenticated: null,
  };
  const strange = [...unread];
  for (const line of lines) {
    const [, key = '', value = ''] = /^([A-Za-z ]+):\s*(.*?)\s*$/.exec(line.text) ?? [];
    if (key === 'Enabled') proxy.enabled = /^(?:yes|1)$/i.test(value);
    else if (key === 'Server') proxy.server = value === '' || value === '(null)' ? null : value;
    else if (key === 'Port') proxy.port = /^\d+$/.test(value) ? Number(value) : null;
    else if (key === 'Authenticated Proxy Enabled') proxy.authenticated = /^(?:yes|1)$/i.test(value);
    else strange.push(unreadLine(line));
  }
  return { value: proxy, unread: strange };
}

/** `-getsearchdomains SERVICE`. */
export function parseSearchDomains(text: string): Read<{ readonly searchDomains: readonly string[] }> {
  const { values, unread } = listOrNone(text, /^There (?:aren['’]t|are not) any Search Domains set on /);
  return { value: { searchDomains: values }, unread };
}

/** `-getproxybypassdomains SERVICE`: hosts that the system proxies are not used for. */
export function parseBypassDomains(text: string): Read<{ readonly exceptions: readonly string[] }> {
  const { values, unread } = listOrNone(text, /^There (?:aren['’]t|are not) any bypass domains set on /i);
  return { value: { exceptions: values }, unread };
}

/** One value per line, or a sentence that there are none; values contain no spaces. */
function listOrNone(text: string, none: RegExp) {
  const { lines, unread } = linesOf(text);
  const said = lines.filter((line) => !none.test(line.text.trim()));
  const isValue = (line: string) => /^[^\s"']+$/.test(line.trim());
  return {
    values: said.filter((line) => isValue(line.text)).map((line) => line.text.trim()),
    unread: [...unread, ...said.filter((line) => !isValue(line.text)).map(unreadLine)],
  };
}

/** `-getautoproxyurl SERVICE`. */
export function parseAutoProxy(text: string): Read<{ readonly enabled: boolean | null; readonly pac: string | null }> {
  const { lines, unread } = linesOf(text);
  let enabled: boolean | null = null;
  let pac: string | null = null;
  const strange = [...unread];
  for (const line of lines) {
    const [, key, value = ''] = /^(URL|Enabled):\s*(.*?)\s*$/.exec(line.text) ?? [];
    if (key === 'Enabled') enabled = /^(?:yes|1)$/i.test(value);
    else if (key === 'URL') pac = value === '' || value === '(null)' ? null : value;
    else strange.push(unreadLine(line));
  }
  return { value: { enabled, pac }, unread: strange };
}

/** `-getproxyautodiscovery SERVICE`. */
export function parseAutoDiscovery(text: string): Read<{ readonly autoDiscovery: boolean | null }> {
  const { lines, unread } = linesOf(text);
  let autoDiscovery: boolean | null = null;
  const strange = [...unread];
  for (const line of lines) {
    const [, value] = /^Auto Proxy Discovery:\s*(\w+)/i.exec(line.text.trim()) ?? [];
    if (value === undefined) strange.push(unreadLine(line));
    else autoDiscovery = /^(?:on|yes|1)$/i.test(value);
  }
  return { value: { autoDiscovery }, unread: strange };
}

/**
 * What HTTPS_PROXY, HTTP_PROXY and NO_PROXY mean to `go` for a URL. Source: golang.org/x/net/http/httpproxy (vendored
 * by
 * net/http). ALL_PROXY, the system's proxy and PAC have no effect on it; git also reads ALL_PROXY. Pure.
 */

import { bareHost } from '../../shared/domain/host.ts';
import { parseUrl } from '../system/web.ts';

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** The proxy that `go` uses for a URL, as the environment writes it; null = none. Upper case wins over lower case. */
export function forwardProxyFor(url: URL, env: ProxyEnvironment): string | null {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : url.protocol === 'http:' ? 'HTTP_PROXY' : null;
  if (name === null) return null;
  const value = setting(env, name);
  // A CGI program's HTTP_PROXY may be a request header (httpoxy): Go refuses it and so do we.
  if (value === '' || (name === 'HTTP_PROXY' && (env.REQUEST_METHOD ?? '') !== '')) return null;
  if (parsed(value) === null || isLocal(url.hostname)) return null;
  return isExcluded(url, setting(env, 'NO_PROXY')) ? null : value;
}

function setting(env: ProxyEnvironment, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

/** A value without a scheme is `http://`; any other scheme is used, and fails; what does not parse is ignored. */
function parsed(value: string): URL | null {
  for (const text of [value, `http://${value}`]) {
    const url = parseUrl(text);
    if (url !== null && url.hostname !== '') return url;
  }
  return null;
}

function isLocal(hostname: string): boolean {
  return hostname === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]';
}

/**
 * NO_PROXY: comma-separated hosts, each with its subdomains; `.host` only the subdomains; `*` everything; an address, a
 * CIDR
 * block, or any of these with a port.
 */
function isExcluded(url: URL, noProxy: string): boolean {
  const host = bareHost(url.hostname).toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return noProxy
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .some((pattern) => pattern !== '' && matches(pattern, host, port));
}

function matches(pattern: string, host: string, port: string): boolean {
  if (pattern === '*') return true;
  if (pattern.includes('/')) return inBlock(host, pattern);
  const [, name = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(pattern.replace(/^\[|\](?=$|:)/g, '')) ?? [];
  const isAddress = address(host) !== null || host.includes(':');
  if (isAddress) return bareHost(pattern) === host || (name === host && wanted === port);
  if (wanted !== undefined && wanted !== port) return false;
  const bare = name.replace(/^\*\./, '.');
  return bare.startsWith('.') ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`);
}

/** An IPv4 address as a number; null for anything else. */
function address(text: string): number | null {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(text)) return null;
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function inBlock(host: string, block: string): boolean {
  const [net = '', bits = ''] = block.split('/');
  const [own, base] = [address(host), address(net)];
  if (own === null || base === null || !/^\d+$/.test(bits) || Number(bits) > 32) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(own / size) === Math.floor(base / size);
}

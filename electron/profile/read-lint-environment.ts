/** What lint needs of the environment: GOFLAGS, and whether the local forward proxies are running. */

import { connect } from 'node:net';
import { bareHost } from '../../shared/domain/host.ts';
import type { Env } from '../system/files.ts';
import { parseUrl } from '../system/web.ts';
import type { GoControl } from './go-control.ts';
import type { LintFacts } from './lint-facts.ts';

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** A local port responds at once or not at all. */
const KNOCK_MS = 1_000;

/** Reads GOFLAGS as `go` has it, and connects to forward proxies on loopback only. */
export async function readLintEnvironment(go: GoControl, env: Env): Promise<Pick<LintFacts, 'goflags' | 'proxies'>> {
  const [goflags, proxies] = await Promise.all([
    go.goflags(),
    Promise.all(proxiesIn(env).map(async (one) => ({ ...one, alive: await isAlive(one.value) }))),
  ]);
  return { goflags, proxies };
}

/** The variables of the environment that name a forward proxy. */
export function proxiesIn(env: Env): readonly { readonly name: (typeof NAMES)[number]; readonly value: string }[] {
  return NAMES.flatMap((name) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [{ name, value }];
  });
}

/** Whether a forward proxy on this machine (a URL or `host:port`) accepts connections; null = elsewhere, or not a URL. */
export async function isAlive(value: string): Promise<boolean | null> {
  const url = parseUrl(value.includes('://') ? value : `http://${value}`);
  const host = bareHost(url?.hostname ?? '');
  if (url === null || !(host === 'localhost' || host === '::1' || /^127\./.test(host))) return null;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : url.protocol.startsWith('socks') ? 1080 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: KNOCK_MS });
    const end = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

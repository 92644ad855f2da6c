/** What can be probed. */
import type { GoVariables } from './profile.ts';
import type { DurationMs } from './units.ts';

/**
 * What can be probed: a module proxy, a checksum database, a host of sources (discovery and git), a DNS resolver, a
 * forward proxy, and a module itself (a real `go mod download`, the canary).
 */
export const ENDPOINT_KINDS = ['goproxy', 'sumdb', 'vcs', 'dns', 'forward-proxy', 'module'] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** A module version written `path@version`, for example `golang.org/x/text@v0.3.0`. */
export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/** Limits for each phase of a probe. `dial` covers name resolution and TCP connect together. */
export interface PhaseLimits {
  readonly dialMs: DurationMs;
  readonly tlsMs: DurationMs;
  /** From the last byte of the request to the first byte of the response. */
  readonly headerMs: DurationMs;
  readonly totalMs: DurationMs;
}

/** Beyond a soft limit a probe succeeded slowly (`degraded`); beyond a hard limit it failed. */
export interface Limits {
  readonly soft: PhaseLimits;
  readonly hard: PhaseLimits;
}

/**
 * One lost SYN costs 1 s (RFC 6298 §2), hence a soft dial limit of 1 s and a hard one well above it.
 * `go` itself waits 30 s (dial), 10 s (TLS) and indefinitely (response): net/http.DefaultTransport.
 */
export const DEFAULT_LIMITS: Limits = {
  soft: { dialMs: 1_000, tlsMs: 1_000, headerMs: 2_000, totalMs: 5_000 },
  hard: { dialMs: 5_000, tlsMs: 6_000, headerMs: 6_000, totalMs: 15_000 },
};

/** The module requested from every public proxy: tiny, old, and cached everywhere. */
export const DEFAULT_PROBE_MODULE: ModuleVersion = { path: 'golang.org/x/text', version: 'v0.3.0' };

export const CRITICALITIES = ['low', 'normal', 'critical'] as const;
export type Criticality = (typeof CRITICALITIES)[number];

/** Something that is probed on a schedule. */
export interface Endpoint {
  /** Stable, unique within the settings; names the endpoint in history. */
  readonly id: string;
  readonly kind: EndpointKind;
  /** Display name; the host unless the settings set another. */
  readonly name: string;
  /**
   * Base URL, without a trailing slash. May hold credentials: never show or log it unredacted. By kind: goproxy and
   * sumdb their base; vcs `https://` and an import path; dns `udp://`, `tcp://`, `tls://` or `https://` (DoH);
   * forward-proxy `http://`, `https://`, `socks5://`; module `module://path@version`.
   */
  readonly url: string;
  /** goproxy, sumdb: the module asked for; DEFAULT_PROBE_MODULE when absent. */
  readonly module?: ModuleVersion | undefined;
  /** sumdb: the verifier key `name+hash+base64`; that of sum.golang.org when absent. */
  readonly key?: string | undefined;
  /** dns: the name asked for; forward-proxy: the URL asked for through it. A default by kind when absent. */
  readonly target?: string | undefined;
  /** module: Go variables instead of the current ones, to try a profile before switching to it. */
  readonly variables?: GoVariables | undefined;
  /** How much it matters: `low` is only listed, `critical` is notified in quiet hours, too; `normal` when absent. */
  readonly criticality?: Criticality | undefined;
  /** Its own quiet hours, as in the preferences. */
  readonly quietHours?: string | undefined;
  /** Overrides of the global limits. */
  readonly limits?: { readonly soft?: Partial<PhaseLimits>; readonly hard?: Partial<PhaseLimits> } | undefined;
}

/** The limits in force for an endpoint: its own over the global ones. */
export function limitsOf(endpoint: Endpoint, global: Limits): Limits {
  return {
    soft: { ...global.soft, ...endpoint.limits?.soft },
    hard: { ...global.hard, ...endpoint.limits?.hard },
  };
}

/** Splits `path@version`; null when there is no version or no path. */
export function parseModuleVersion(text: string): ModuleVersion | null {
  const at = text.lastIndexOf('@');
  if (at <= 0 || at === text.length - 1) return null;
  return { path: text.slice(0, at), version: text.slice(at + 1) };
}

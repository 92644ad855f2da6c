/**
 * Adds to a pool what `go` signs in with: .netrc at once, GOAUTH's `git DIR` after a refusal (4xx), as cmd/go does it. A
 * program in GOAUTH is never run: the result says so. The credential is part of the request that goes to the probe, and
 * of nothing that comes back.
 */

import type { GoauthMethod } from '../../shared/domain/goauth.ts';
import { hostOf } from '../../shared/domain/host.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import type { Clock } from '../system/clock.ts';
import { parseUrl } from '../system/web.ts';
import { findGit } from '../toolchain/git-config.ts';
import { gitCredential } from '../toolchain/git-credential.ts';
import {
  authMethods,
  type Credential,
  credentialFor,
  type GoAsking,
  netrcCredential,
} from '../toolchain/go-credentials.ts';
import { GoCommand } from '../toolchain/go-env.ts';
import { readNetrc } from '../toolchain/netrc.ts';
import type { CanaryTools } from './canary.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';
import { baseOf } from './result-of-steps.ts';

/** Starting `go` takes some milliseconds, and GOAUTH changes once in a year. */
const GOAUTH_COUNTS_MS = MINUTE_MS;

/** A credential helper that knew nothing is left alone for this long: it may ask a keychain, or a server. */
const ASK_GIT_AGAIN_MS = 10 * MINUTE_MS;

/** Kinds of endpoint that cmd/go itself asks over https. */
const SIGNED_IN: ReadonlySet<string> = new Set(['goproxy', 'sumdb', 'vcs']);

export class CredentialPool implements ProbePool {
  readonly #inner: ProbePool;
  readonly #clock: Clock;
  readonly #tools: CanaryTools;
  /** Questions to git that are not answered yet. */
  readonly #asked = new Set<AbortController>();
  #isClosed = false;
  readonly #running = new Set<Promise<ProbeResult>>();
  #asking: { readonly until: number; readonly value: Promise<GoAsking> } | null = null;
  /** By origin; null = git knew nothing. */
  readonly #fromGit = new Map<string, { readonly at: number; readonly credential: Credential | null }>();

  constructor(inner: ProbePool, clock: Clock, tools: CanaryTools) {
    this.#inner = inner;
    this.#clock = clock;
    this.#tools = tools;
  }

  async probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    const running = this.#probe(request, signal);
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  /** Ends what runs: probes, and the question to git. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const cancel of this.#asked) cancel.abort();
    await this.#inner.close();
    await Promise.allSettled(this.#running);
  }

  async #probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    const { kind, url } = request.endpoint;
    if (!SIGNED_IN.has(kind) || !/^https:/i.test(url)) return this.#inner.probe(request, signal);
    const fromNetrc = await this.#netrc(url);
    const result = await this.#probeWith(request, fromNetrc ?? this.#knownToGit(url), signal);
    if (!isRefusal(result) || signal.aborted || this.#isClosed) return result;
    const all = authMethods(await this.#goAsking());
    // The first method that knows a server wins: methods after `netrc` are not asked when it had an entry.
    const methods =
      fromNetrc === null
        ? all
        : all.slice(
            0,
            all.findIndex(({ kind: method }) => method === 'netrc'),
          );
    const fromGit = await this.#askGit(request, result, methods, signal);
    if (fromGit !== null) return this.#probeWith(request, fromGit, signal);
    return methods.some(({ kind: method }) => method === 'program') ? withNote(result) : result;
  }

  async #probeWith(request: ProbeRequest, credential: Credential | null, signal: AbortSignal): Promise<ProbeResult> {
    // Closed while the credential was looked for: the inner pool would start again.
    if (this.#isClosed) return { ...baseOf(request, this.#clock.now()), outcome: 'cancelled' };
    if (credential === null) return this.#inner.probe(request, signal);
    return this.#inner.probe({ ...request, network: { ...request.network, credential } }, signal);
  }

  /** `go` is asked for GOAUTH only when the file has an entry that could count. */
  async #netrc(url: string): Promise<Credential | null> {
    const host = hostOf(url) ?? '';
    const lines = await readNetrc(this.#tools.env);
    if (!lines.some(({ machine }) => machine.toLowerCase().includes(host))) return null;
    return netrcCredential(url, lines, await this.#goAsking());
  }

  #goAsking(): Promise<GoAsking> {
    const now = this.#clock.monotonic();
    if (this.#asking === null || this.#asking.until < now) {
      this.#asking = { until: now + GOAUTH_COUNTS_MS, value: this.#readGo() };
    }
    return this.#asking.value;
  }

  async #readGo(): Promise<GoAsking> {
    const { runner, env, findGo } = this.#tools;
    const found = await findGo();
    const read = found.ok ? await new GoCommand(found.go, runner, env).readEnv() : null;
    if (!read?.ok) return { version: null, goauth: env.GOAUTH ?? '' };
    return { version: read.value.version, goauth: read.value.effective.GOAUTH ?? '' };
  }

  #knownToGit(url: string): Credential | null {
    return this.#fromGit.get(parseUrl(url)?.origin ?? '')?.credential ?? null;
  }

  /** What git knows of a URL that was refused, unless that was refused already. */
  async #askGit(
    { endpoint: { url } }: ProbeRequest,
    result: ProbeResult & { outcome: 'failed' },
    methods: readonly GoauthMethod[],
    signal: AbortSignal,
  ): Promise<Credential | null> {
    const folders = methods.flatMap((method) => (method.kind === 'git' ? [method.folder] : []));
    const origin = parseUrl(url)?.origin;
    if (
      this.#isClosed ||
      folders.length === 0 ||
      origin === undefined ||
      methods.some(({ kind }) => kind === 'invalid')
    )
      return null;
    const known = this.#fromGit.get(origin);
    const now = this.#clock.monotonic();
    if (known !== undefined && now - known.at < ASK_GIT_AGAIN_MS) return null;
    const asked = result.steps.find(({ outcome, advisory }) => outcome === 'failed' && advisory !== true)?.url ?? url;
    const cancel = new AbortController();
    const onAbort = () => cancel.abort();
    signal.addEventListener('abort', onAbort);
    this.#asked.add(cancel);
    const credential = await this.#firstOfGit(folders, asked, origin, cancel.signal);
    this.#asked.delete(cancel);
    signal.removeEventListener('abort', onAbort);
    if (cancel.signal.aborted) return null;
    this.#fromGit.set(origin, { at: now, credential });
    return credential;
  }

  async #firstOfGit(
    folders: readonly string[],
    url: string,
    origin: string,
    signal: AbortSignal,
  ): Promise<Credential | null> {
    const { runner, env } = this.#tools;
    const git = await findGit(runner, env);
    if (git === null) return null;
    for (const folder of folders) {
      const found = await gitCredential(runner, git, folder, url, env, signal);
      const credential = found === null ? null : credentialFor(found.prefix, found.login, found.password, true);
      if (credential?.origin === origin) return credential;
    }
    return null;
  }
}

/** The server answered that it does not want us: cmd/go asks GOAUTH again then (cmd/go/internal/web/http.go). */
function isRefusal(result: ProbeResult): result is ProbeResult & { outcome: 'failed' } {
  const status = result.outcome === 'failed' ? (result.evidence.httpStatus ?? 0) : 0;
  return status >= 400 && status < 500;
}

function withNote(result: ProbeResult & { outcome: 'failed' }): ProbeResult {
  const notes = [...(result.evidence.notes ?? []), 'goauth-not-run'] as const;
  return { ...result, evidence: { ...result.evidence, notes } };
}

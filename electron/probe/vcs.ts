/**
 * The probe of a host of sources, as `go` reaches it with `direct`: discovery (`?go-get=1`) unless the host is known,
 * then the repository's refs over git's smart HTTP (gitprotocol-http(5)). No one is ever asked for a password.
 */
import type { ProbeResult } from '../../shared/domain/result.ts';
import { classifyStatus } from './classify.ts';
import type { ExchangeAnswer } from './exchange.ts';
import { type GoImport, goImports, knownRepository, MAX_PAGE_BYTES, matchGoImport } from './go-import.ts';
import { looksLikeHtml } from './goproxy-responses.ts';
import { below, httpUrl, type Judgement, runHttpProbe, type StepPlan, type StepRunner } from './http-steps.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeRequest } from './probe-pool.ts';

/** The first packet line of git (gitprotocol-http(5)); refs follow, which are not needed. */
const ADVERTISEMENT = '001e# service=git-upload-pack\n';
const ADVERTISEMENT_TYPE = 'application/x-git-upload-pack-advertisement';

/** Probes a `vcs` endpoint. Never rejects. */
export function probeVcs(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  return runHttpProbe(request, context, async (runner) => {
    const url = httpUrl(request.endpoint.url);
    const importPath = `${url.host}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
    const found = knownRepository(importPath) ?? (await discover(runner, url, importPath));
    if (found === null) return;
    runner.note({ repository: found.root });
    if (found.vcs === 'mod') {
      await runner.run(proxyPlan(repositoryUrl(found), importPath));
    } else if (found.vcs === 'git') await runner.run(refsPlan(repositoryUrl(found)));
    else runner.note({ notes: ['not-git'] });
  });
}

/** Asks for the page of an import path, and for that of its repository when it is another. */
async function discover(runner: StepRunner, url: URL, importPath: string): Promise<GoImport | null> {
  const page = await runner.run(pagePlan('go-get', url, importPath));
  if (page.failure !== null || page.answer === null) return null;
  const found = importOf(page.answer, importPath);
  if (found === null || typeof found === 'string') return null;
  if (found.prefix === importPath) return found;
  // A parent path must claim the repository itself (cmd/go: "verifying" the meta import prefix).
  const root = new URL(`${url.protocol}//${found.prefix}`);
  const own = await runner.run(pagePlan('go-get-root', root, found.prefix, found.root));
  return own.failure === null ? found : null;
}

function importOf({ body }: ExchangeAnswer, importPath: string): GoImport | 'ambiguous' | null {
  return matchGoImport(goImports(body.toString('utf8')), importPath);
}

function pagePlan(name: 'go-get' | 'go-get-root', base: URL, importPath: string, mustBe?: string): StepPlan {
  const url = new URL(base);
  url.searchParams.set('go-get', '1');
  return {
    name,
    url,
    maxBytes: MAX_PAGE_BYTES,
    judge: (answer, { hops }) => judgePage(answer, importPath, hops, mustBe),
  };
}

/** A page with a tag counts whatever its status (cmd/go reads error pages too); without one the status says why. */
function judgePage(answer: ExchangeAnswer, importPath: string, hops: readonly string[], mustBe?: string): Judgement {
  const found = importOf(answer, importPath);
  const { status, body } = answer;
  if (found !== null && found !== 'ambiguous') {
    if (mustBe === undefined || found.root === mustBe) return null;
    return {
      cause: 'go-import-missing',
      phase: 'verify',
      message: `${importPath} claims ${found.root}, not ${mustBe}`,
    };
  }
  if (found === 'ambiguous') {
    return { cause: 'go-import-missing', phase: 'verify', message: 'several go-import tags match' };
  }
  const cause = classifyStatus(status, '');
  const missing = cause === null || cause === 'module-not-found';
  if (!missing) return { cause, phase: 'response', message: `HTTP status ${status}` };
  // A sign-in page comes from another host, or for every path: go calls both a missing tag.
  const away = new Set(hops.map((hop) => new URL(hop).host)).size > 1;
  if (cause === null && away && looksLikeHtml(body.toString('utf8'))) {
    return { cause: 'captive-portal', phase: 'verify', message: 'a page of another host instead of the tag' };
  }
  const phase = cause === null ? 'verify' : 'response';
  const message = cause === null ? 'the page has no matching go-import tag' : `HTTP status ${status}`;
  return { cause: 'go-import-missing', phase, message };
}

function repositoryUrl({ root }: GoImport): URL {
  try {
    return httpUrl(root);
  } catch {
    // ssh://, git:// and the like are git's own business: https is what is asked without a password.
    throw new PhaseError('verify', 'vcs-network', `${root} cannot be asked over HTTP`);
  }
}

function refsPlan(root: URL): StepPlan {
  const url = below(root, 'info/refs');
  url.search = '?service=git-upload-pack';
  return {
    name: 'refs',
    url,
    headers: { accept: '*/*', 'user-agent': 'git/2.39 (Gopherbar)' },
    maxBytes: 8 * 1024 * 1024,
    enoughBytes: ADVERTISEMENT.length,
    judge: judgeRefs,
  };
}

function judgeRefs({ status, headers, body }: ExchangeAnswer): Judgement {
  const refused = REFS_STATUS[status] ?? classifyStatus(status, '');
  if (refused !== null) return { cause: refused, phase: 'response', message: `HTTP status ${status}` };
  const text = body.toString('latin1');
  if (text.startsWith(ADVERTISEMENT.slice(0, text.length)) && text.length > 0) {
    if ((headers['content-type'] ?? '').startsWith(ADVERTISEMENT_TYPE)) return null;
  }
  const cause = looksLikeHtml(text) || /html/.test(headers['content-type'] ?? '') ? 'captive-portal' : 'http-malformed';
  return { cause, phase: 'verify', message: 'the answer is not what git serves' };
}

/** Hosts answer 401 for what is private and for what does not exist alike. */
const REFS_STATUS = {
  401: 'vcs-auth-required',
  403: 'vcs-forbidden',
  404: 'vcs-repo-not-found',
  410: 'vcs-repo-not-found',
} as const as Readonly<Record<number, 'vcs-auth-required' | 'vcs-forbidden' | 'vcs-repo-not-found'>>;

/** A `mod` tag names a module proxy. */
function proxyPlan(root: URL, importPath: string): StepPlan {
  return {
    name: 'list',
    url: below(root, `${importPath}/@v/list`),
    maxBytes: 8 * 1024 * 1024,
    judge: ({ status, body }) => {
      const cause = classifyStatus(status, '') ?? (looksLikeHtml(body.toString('utf8')) ? 'captive-portal' : null);
      return cause === null
        ? null
        : { cause, phase: status === 200 ? 'verify' : 'response', message: `status ${status}` };
    },
  };
}

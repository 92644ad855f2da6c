/**
 * The probe of a Go module proxy: success only when the protocol is really spoken. Light asks for the `.info` of a
 * known module; full adds list, `.mod` with its hash, `@latest`, the beginning of a zip, whether the checksum database is
 * relayed, a name that cannot exist, and the other address family. `Disable-Module-Fetch` keeps the proxy from fetching
 * anything for our sake (https://proxy.golang.org, goproxy.cn).
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { DEFAULT_PROBE_MODULE, type Endpoint, type ModuleVersion } from '../../shared/domain/endpoint.ts';
import { hostKind } from '../../shared/domain/host-kind.ts';
import { isGatewayPage } from '../../shared/domain/http-status.ts';
import { isModuleVersion, lookupPath, protocolPath } from '../../shared/domain/module-path.ts';
import type { Note, ProbeResult } from '../../shared/domain/result.ts';
import { goModHash } from '../integrity/h1.ts';
import { classifyStatus } from './classify.ts';
import type { ExchangeAnswer } from './exchange.ts';
import {
  bodyStart,
  checkInfo,
  checkLatest,
  checkList,
  checkMissing,
  checkMod,
  checkZip,
  looksLikeHtml,
  MAX_BYTES,
} from './goproxy-responses.ts';
import {
  below,
  httpUrl,
  type Judgement,
  runHttpProbe,
  type StepPlan,
  type StepResult,
  type StepRunner,
} from './http-steps.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeRequest } from './probe-pool.ts';
import { keyOf, lookupPlan } from './sumdb-answers.ts';

/** Reserved by RFC 2606: no proxy can have it. */
const IMPOSSIBLE_MODULE = 'gopherbar.invalid/no-such-module';

/** Asked for when another is refused: every public proxy has them, and none blocks them. */
const CONTROLS: readonly ModuleVersion[] = [DEFAULT_PROBE_MODULE, { path: 'golang.org/x/sync', version: 'v0.1.0' }];

/** Where a download is taken up again, bytes: after the signature of the zip. */
const RESUME_AT = 8;

const GOPROXY_HEADERS = { 'disable-module-fetch': 'true' };

/** Probes a `goproxy` endpoint. Never rejects. */
export function probeGoproxy(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  return runHttpProbe(request, context, async (runner) => {
    const { endpoint, depth } = request;
    const module = readModule(endpoint);
    const base = httpUrl(endpoint.url);
    const info = infoPlan(base, module);
    const first = await runner.run(info);
    if (first.failure?.cause === 'http-forbidden' && !isOfGateway(first.answer))
      await tellRefusal(runner, base, module);
    if (first.failure !== null || depth === 'light') return;
    const { path, version } = module;
    const list = known('list', below(base, protocolPath(path, 'list')), (body) => checkList(body, module));
    if ((await runner.run(list)).failure !== null) return;
    const mod = await runner.run({
      ...known('mod', below(base, protocolPath(path, `${version}.mod`)), (body) => checkMod(body, module)),
      hash: ({ body }: ExchangeAnswer) => goModHash(body),
    });
    if (mod.failure !== null || !(await probeZip(runner, base, module))) return;
    if (!(await checkAgainstDatabase(runner, base, endpoint, module, mod.step.hash ?? ''))) return;
    await runAdvisory(runner, base, module);
    if (first.record.protocol === 'h2') await tryMultiplexing(runner, info);
    await runOtherFamily(runner, info, first, request);
  });
}

/**
 * Whom a refusal is for. A proxy that serves other modules has blocked this one, for security or by a rule of its own; the
 * public one refuses everything to places that it may not serve (golang/go#80655).
 */
async function tellRefusal(runner: StepRunner, base: URL, module: ModuleVersion): Promise<void> {
  const other = CONTROLS.find(({ path }) => path !== module.path) ?? DEFAULT_PROBE_MODULE;
  const { record } = await runner.run({
    name: 'other-module',
    url: below(base, protocolPath(other.path, `${other.version}.info`)),
    headers: GOPROXY_HEADERS,
    maxBytes: MAX_BYTES['other-module'],
    advisory: true,
    judge: ({ status }) => judged('other-module', status, isRefusal(status) ? 'http-forbidden' : null),
  });
  const { status } = record.last;
  if (status === 200 || status === 404 || status === 410) runner.recast('module-blocked');
  else if (isRefusal(status) && hostKind(base.hostname) === 'mirror') runner.recast('region-blocked');
}

/** A filter on the way blocks what it likes: neither the proxy nor its operator decided, and no other mirror is the remedy. */
function isOfGateway(answer: Pick<ExchangeAnswer, 'body'> | null): boolean {
  return isGatewayPage(answer?.body.toString('utf8') ?? '');
}

function isRefusal(status: number | undefined): boolean {
  return status === 403 || status === 451;
}

function readModule(endpoint: Endpoint): ModuleVersion {
  const module = endpoint.module ?? DEFAULT_PROBE_MODULE;
  if (isModuleVersion(module)) return module;
  throw new PhaseError('request', 'module-path-malformed', `${module.path}@${module.version} is not a module version`);
}

function infoPlan(base: URL, module: ModuleVersion): StepPlan {
  return known('info', below(base, protocolPath(module.path, `${module.version}.info`)), (body) =>
    checkInfo(body, module),
  );
}

/** A file that must be there. */
function known(name: 'info' | 'list' | 'mod', url: URL, check: (body: Buffer) => Cause | null): StepPlan {
  return {
    name,
    url,
    headers: GOPROXY_HEADERS,
    maxBytes: MAX_BYTES[name],
    judge: ({ status, body }) =>
      judged(name, status, classifyStatus(status, status === 200 ? '' : bodyStart(body)) ?? check(body)),
  };
}

function judged(name: string, status: number, cause: Cause | null): Judgement {
  if (cause === null) return null;
  const phase = status === 200 || status === 206 ? 'verify' : 'response';
  return { cause, phase, message: phase === 'verify' ? `unexpected content of ${name}` : `HTTP status ${status}` };
}

/**
 * The beginning of the zip, and whether it can be resumed: big ones come from another host by a redirect, so that `.info` alone proves nothing about
 * them. A proxy that must not fetch for us may answer 404 for a zip that it has not cached: that is no failure.
 */
async function probeZip(runner: StepRunner, base: URL, module: ModuleVersion): Promise<boolean> {
  const plan: StepPlan = {
    name: 'zip',
    url: below(base, protocolPath(module.path, `${module.version}.zip`)),
    headers: { ...GOPROXY_HEADERS, range: 'bytes=0-1023' },
    maxBytes: MAX_BYTES.zip,
    enoughBytes: RESUME_AT + 4,
    judge: ({ status, body }, { hops }) => {
      if (status === 404 || status === 410) return null;
      // The storage behind the public proxy refuses places, not modules.
      const isMirror = hostKind(new URL(hops.at(-1) ?? base).hostname) === 'mirror';
      if (isRefusal(status) && isMirror && !isOfGateway({ body })) return judged('zip', status, 'region-blocked');
      return judged('zip', status, status === 206 ? checkZip(body) : (classifyStatus(status, '') ?? checkZip(body)));
    },
  };
  const { failure, record, answer } = await runner.run(plan);
  const { status } = record.last;
  const notes: Note[] = [];
  if (status === 404 || status === 410) notes.push('zip-not-cached');
  if (new Set(record.hops.map((hop) => new URL(hop).host)).size > 1) notes.push('zip-elsewhere');
  if (failure === null && answer !== null && status !== 404 && status !== 410) {
    notes.push((await canResume(runner, plan.url, answer)) ? 'zip-resumable' : 'zip-not-resumable');
  }
  runner.note({ notes });
  return failure === null;
}

/** A strong validator of RFC 9110 §8.8: an entity tag that is not weak, or a date. */
function validatorOf({ etag, 'last-modified': date }: ExchangeAnswer['headers']): string | null {
  if (etag !== undefined) return etag.startsWith('W/') ? null : etag;
  return date ?? null;
}

/**
 * Whether a broken download could go on where it stopped: Go 1.28 asks with Range and If-Range, and anything but the same
 * entity's 206 ends it (cmd/go/internal/web, retryBody).
 */
async function canResume(runner: StepRunner, url: URL, begun: ExchangeAnswer): Promise<boolean> {
  const validator = validatorOf(begun.headers);
  if (validator === null || begun.status !== 206) return false;
  const rest = await runner.ask({
    url,
    headers: { ...GOPROXY_HEADERS, range: `bytes=${RESUME_AT}-1023`, 'if-range': validator },
    maxBytes: MAX_BYTES.zip,
    enoughBytes: RESUME_AT,
  });
  if (rest?.status !== 206 || validatorOf(rest.headers) !== validator) return false;
  const expected = begun.body.subarray(RESUME_AT, RESUME_AT + rest.body.length);
  const isSame = rest.body.subarray(0, expected.length).equals(expected);
  return isSame && new RegExp(`^bytes ${RESUME_AT}-\\d+/\\d+$`).test(rest.headers['content-range'] ?? '');
}

/** As many requests at once as a build with many modules sends over one connection. */
const MULTIPLEXED = 20;

/** Proxies and boxes on the way that speak HTTP/2 for one request may still drop the connection under several. */
async function tryMultiplexing(runner: StepRunner, { url, headers, maxBytes }: StepPlan): Promise<void> {
  const answered = await runner.burst({ url, headers, maxBytes }, MULTIPLEXED);
  runner.note({ notes: [answered === MULTIPLEXED ? 'http2-holds' : 'http2-breaks'] });
}

/**
 * The `.mod` against the checksum database, as far as the proxy relays it (https://go.dev/ref/mod#checksum-database):
 * the record is signed, so that a proxy that lies about a module cannot lie about its hash as well.
 */
async function checkAgainstDatabase(
  runner: StepRunner,
  base: URL,
  endpoint: Endpoint,
  module: ModuleVersion,
  hash: string,
): Promise<boolean> {
  const key = keyOf(endpoint);
  const relay = below(base, `sumdb/${key.name}`);
  const supported = await runner.run({
    name: 'sumdb-relay',
    url: below(relay, 'supported'),
    maxBytes: MAX_BYTES['sumdb-relay'],
    advisory: true,
    judge: ({ body }) => (looksLikeHtml(body.toString('utf8')) ? judged('supported', 200, 'captive-portal') : null),
  });
  const isRelayed = supported.failure === null && supported.record.last.status === 200;
  runner.note({ notes: [isRelayed ? 'sumdb-relayed' : 'sumdb-not-relayed'] });
  if (!isRelayed) return true;
  const lookup = await runner.run({
    ...lookupPlan(below(relay, lookupPath(module)), key, module, hash),
    // A module that the database does not have (a private one) cannot be checked: no failure of the proxy.
    advisory: true,
  });
  if (lookup.failure?.cause === 'checksum-mismatch-sumdb') runner.fail(lookup.failure);
  return lookup.failure?.cause !== 'checksum-mismatch-sumdb';
}

/** What a proxy may lack without being broken. */
async function runAdvisory(runner: StepRunner, base: URL, module: ModuleVersion): Promise<void> {
  const optional = { headers: GOPROXY_HEADERS, advisory: true } as const;
  const ask = (name: 'latest' | 'missing', path: string, check: (answer: ExchangeAnswer) => Cause | null) =>
    runner.run({
      ...optional,
      name,
      url: below(base, path),
      maxBytes: MAX_BYTES[name],
      judge: (answer) => judged(name, answer.status, check(answer)),
    });
  await ask('latest', protocolPath(module.path, 'latest'), ({ status, body }) =>
    status === 404 || status === 410 ? null : (classifyStatus(status, '') ?? checkLatest(body)),
  );
  await ask('missing', protocolPath(IMPOSSIBLE_MODULE, 'v0.0.0.info'), ({ status, body }) =>
    checkMissing(status, body),
  );
}

/** A host with addresses of both families is asked over the one that did not win, too. */
async function runOtherFamily(
  runner: StepRunner,
  info: StepPlan,
  first: StepResult,
  { network }: ProbeRequest,
): Promise<void> {
  const { addresses = [], remote } = first.record.first;
  const families = new Set(addresses.map((address) => (address.includes(':') ? 6 : 4)));
  if (remote === undefined || families.size < 2 || network.forwardProxy !== undefined) return;
  const family = remote.family === 6 ? 4 : 6;
  const plan = { ...info, name: 'other-family' as const, advisory: true };
  const other = await runner.runApart(plan, { ...network, changed: { ...network.changed, family } });
  if (other.failure !== null) runner.note({ notes: [family === 6 ? 'ipv6-fails' : 'ipv4-fails'] });
}

/**
 * What every probe over HTTP has in common: requests one after the other over one fresh connection, each judged, joined
 * to one result. `phases` are those of the first connection of the first request; `totalMs` is that request with all its
 * redirects (named in the evidence), without `verify`. Each request has the whole deadline.
 */
import manifest from '../../package.json' with { type: 'json' };
import type { Cause } from '../../shared/domain/cause.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { Evidence, Failure, Phase, ProbeResult, ProbeStep, StepName } from '../../shared/domain/result.ts';
import { errorFacts } from '../system/error-facts.ts';
import { CancelledError } from './deadline.ts';
import type { ExchangeAnswer } from './exchange.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeNetwork, ProbeRequest } from './probe-pool.ts';
import { Requester, type RequestRecord, requestRecord, type Wanted } from './requester.ts';
import { assemble, baseOf, type ResultBase, type StepOutcome, unreached } from './result-of-steps.ts';
import { trustSet } from './trust.ts';

/** What is wrong with an answer, and where it shows; null when nothing is. */
export type Judgement = { readonly cause: Cause; readonly phase: Phase; readonly message: string } | null;

export interface StepPlan {
  readonly name: StepName;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly maxBytes: number;
  /** Stops reading with what has come. */
  readonly enoughBytes?: number | undefined;
  /** Its failure is shown but does not fail the endpoint. */
  readonly advisory?: boolean;
  readonly judge: (answer: ExchangeAnswer, record: RequestRecord) => Judgement;
  /** A hash of a good answer, for the step. */
  readonly hash?: (answer: ExchangeAnswer) => string;
}

/** A step that ran, with the answer when there was one. */
export type StepResult = StepOutcome & { readonly answer: ExchangeAnswer | null };

export interface StepRunner {
  /** Runs one step. Rejects with CancelledError only: a failure is part of the result. */
  run(plan: StepPlan): Promise<StepResult>;
  /** The same over a connection of its own with another network. */
  runApart(plan: StepPlan, network: ProbeNetwork): Promise<StepResult>;
  /** Asks over the same connection without a step of its own: for what a server can do, beside whether it works. */
  ask(plan: Wanted): Promise<ExchangeAnswer | null>;
  /** Asks so many times at once over the connection that is open; how many were answered with a 200. */
  burst(plan: Wanted, count: number): Promise<number>;
  /** Fails the last step by what was found out after it. */
  fail(failure: Failure): void;
  /** Gives the first step's failure the cause that later steps tell. */
  recast(cause: Cause): void;
  /** Adds to the evidence of the result. */
  note(more: Partial<Evidence>): void;
}

/** Asks as Gopherbar, and never for a compressed answer: a bomb stays as small as it is sent. */
export const HEADERS = {
  'user-agent': `Gopherbar/${manifest.version} (+module proxy probe)`,
  accept: '*/*',
  'accept-encoding': 'identity',
};

/** Runs the steps of one probe over HTTP. Never rejects. */
export async function runHttpProbe(
  request: ProbeRequest,
  context: ProbeContext,
  steps: (runner: StepRunner) => Promise<void>,
): Promise<ProbeResult> {
  const { limits, network } = request;
  const { clock, signal, transfer, onStep, overHttps } = context;
  const base = baseOf(request, clock.now());
  const outcomes: StepOutcome[] = [];
  const requesters: Requester[] = [];
  let more: Partial<Evidence> = {};
  const open = (through: ProbeNetwork) => {
    const trust = trustSet(through.extraCa ?? []);
    const requester = new Requester({ network: through, trust, limits, headers: HEADERS });
    requesters.push(requester);
    return requester;
  };
  const runOver = async (requester: Requester, plan: StepPlan) => {
    const endsAt = clock.monotonic() + limits.hard.totalMs;
    const played = await runStep(plan, requester, { clock, signal, endsAt, transfer, overHttps });
    outcomes.push(played);
    onStep?.();
    return played;
  };
  const askQuietly = async (requester: Requester, plan: Wanted) => {
    const endsAt = clock.monotonic() + limits.hard.totalMs;
    try {
      return await requester.get(plan, { clock, signal, endsAt, transfer, overHttps }, requestRecord());
    } catch (error) {
      if (error instanceof PhaseError) return null;
      throw error;
    }
  };
  let main: Requester | null = null;
  try {
    await steps({
      run: (plan) => {
        main ??= open(network);
        return runOver(main, plan);
      },
      runApart: (plan, apart) => runOver(open(apart), plan),
      ask: (plan) => {
        main ??= open(network);
        return askQuietly(main, plan);
      },
      burst: async (plan, count) => {
        main ??= open(network);
        const requester = main;
        // The first one opens the connection where a redirect has led away from it.
        const first = await askQuietly(requester, plan);
        const kept = { ...plan, onOpenConnection: true };
        const others = await Promise.all(Array.from({ length: count - 1 }, () => askQuietly(requester, kept)));
        return [first, ...others].filter((answer) => answer?.status === 200).length;
      },
      fail: (failure) => {
        const last = outcomes.pop();
        if (last === undefined) throw new PhaseError(failure.phase, failure.cause, failure.message);
        const { cause, phase } = failure;
        const step = { ...last.step, outcome: 'failed' as const, cause, phase, advisory: undefined };
        outcomes.push({ ...last, step, failure });
      },
      recast: (cause) => {
        const [first] = outcomes;
        if (first?.failure == null) return;
        outcomes[0] = { ...first, step: { ...first.step, cause }, failure: { ...first.failure, cause } };
      },
      note: (added) => {
        more = { ...more, ...added, notes: [...(more.notes ?? []), ...(added.notes ?? [])] };
      },
    });
    const result = assemble(base, outcomes, request);
    if (result.outcome === 'cancelled') return result;
    return { ...result, evidence: { ...result.evidence, ...more } };
  } catch (error) {
    return failedBeforeSteps(base, error);
  } finally {
    for (const requester of requesters) requester.close();
  }
}

/** The result of a probe that ended by an exception: cancelled, or settings that mean nothing. */
export function failedBeforeSteps(base: ResultBase, error: unknown): ProbeResult {
  if (error instanceof CancelledError) return { ...base, outcome: 'cancelled' };
  if (error instanceof PhaseError) return unreached(base, error.toFailure());
  const { message, code } = errorFacts(error);
  return unreached(base, { cause: 'unknown', phase: 'request', message: redactUrl(message).slice(0, 500), code });
}

/** A URL of settings; throws a PhaseError for what cannot be asked over HTTP. */
export function httpUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new PhaseError('request', 'goproxy-invalid', `${redactUrl(text)} is not a URL`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new PhaseError('request', 'goproxy-invalid', `${url.protocol}// cannot be asked over the network`);
  }
  return url;
}

/** A path below a base, whatever slashes it ends in. */
export function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/(?<!\/)\/+$/, '')}/${path}`;
  return url;
}

async function runStep(
  plan: StepPlan,
  requester: Requester,
  deadline: Parameters<Requester['get']>[1],
): Promise<StepResult> {
  const { clock } = deadline;
  const record = requestRecord();
  const began = clock.monotonic();
  let failure: Failure | null = null;
  let answer: ExchangeAnswer | null = null;
  let verifyMs: number | null = null;
  let hash: string | undefined;
  try {
    answer = await requester.get(plan, deadline, record);
    const received = clock.monotonic();
    failure = plan.judge(answer, record);
    if (failure === null) hash = plan.hash?.(answer);
    verifyMs = clock.monotonic() - received;
  } catch (error) {
    if (!(error instanceof PhaseError)) throw error;
    failure = error.toFailure();
  }
  const totalMs = (record.last.endedAt ?? clock.monotonic()) - began;
  const step: ProbeStep = {
    name: plan.name,
    url: redactUrl(plan.url.href),
    outcome: failure === null ? 'ok' : 'failed',
    durationMs: totalMs,
    httpStatus: record.last.status,
    cause: failure?.cause,
    phase: failure?.phase,
    hash,
    advisory: plan.advisory === true ? true : undefined,
  };
  const unexpected = failure === null ? null : (answer?.body ?? null);
  return { step, record, totalMs, failure, verifyMs, unexpected, answer };
}

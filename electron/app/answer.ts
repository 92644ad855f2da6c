/**
 * Answering a request of a window: the contract's schemas applied on the way in and on the way out, and no password in
 * any answer.
 */
import * as v from 'valibot';
import { REQUESTS, type RequestInput, type RequestName, type RequestOutput } from '../../shared/contract/channels.ts';
import { doneSchema } from '../../shared/contract/schemas/outcome.ts';
import { type Failure, failed } from '../../shared/domain/outcome.ts';
import { redactDeep } from '../../shared/domain/secrets.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';

/** What the app does for each request of the contract. */
export type Handlers = {
  readonly [N in RequestName]: (input: RequestInput<N>) => RequestOutput<N> | Promise<RequestOutput<N>>;
};

/**
 * Runs the handler of a request. A command (its answer is Outcome) never rejects: bad input, an unknown failure of the
 * handler and a bad response become a Problem. A query rejects instead, because it cannot carry one.
 */
export async function answer(handlers: Handlers, name: unknown, input: unknown, log: Log): Promise<unknown> {
  if (typeof name !== 'string' || !isRequest(name)) {
    log.warn('unknown request refused', { name: String(name).slice(0, 100) });
    return refuse(null, 'bad-request');
  }
  const { input: inputSchema, output: outputSchema } = REQUESTS[name];
  const parsed = v.safeParse(inputSchema as v.GenericSchema, input);
  if (!parsed.success) {
    log.warn('request with a bad payload refused', { name, issues: parsed.issues.map((issue) => issue.message) });
    return refuse(name, 'bad-request');
  }
  try {
    const handler = handlers[name] as (input: unknown) => unknown;
    return v.parse(outputSchema as v.GenericSchema, redactDeep(await handler(parsed.output)));
  } catch (error) {
    log.error('request failed', { name, message: errorMessage(error) });
    return refuse(name, 'internal');
  }
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

function refuse(name: RequestName | null, key: 'bad-request' | 'internal'): Failure {
  if (name !== null && REQUESTS[name].output !== doneSchema) throw new Error(key);
  return failed(key);
}

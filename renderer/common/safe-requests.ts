/** Requests that never reject: a failure of the main process becomes a value that the window can show. */
import type { CommandName, QueryName, RequestInput, RequestOutput } from '../../shared/contract/channels.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Client } from './client.ts';

/** A request that broke the contract or failed in the main process, where it is logged with the reason. */
export const INTERNAL_PROBLEM: Problem = { key: 'internal', params: {} };

/** Sends a command; a failure is a refusal. */
export async function runCommand<N extends CommandName>(
  client: Client,
  name: N,
  input: RequestInput<N>,
): Promise<RequestOutput<N>> {
  try {
    return await client.request(name, input);
  } catch (error) {
    console.error(`${name} failed`, error);
    return { ok: false, problem: INTERNAL_PROBLEM };
  }
}

/** Asks for data; null, and a call of `onFailure`, when it could not be had. */
export async function runQuery<N extends QueryName>(
  client: Client,
  name: N,
  input: RequestInput<N>,
  onFailure: () => void = () => {},
): Promise<RequestOutput<N> | null> {
  try {
    return await client.request(name, input);
  } catch (error) {
    console.error(`${name} failed`, error);
    onFailure();
    return null;
  }
}

/** The renderer's side of the contract: what comes from the main process is checked before it is believed. */
import * as v from 'valibot';
import {
  BROADCASTS,
  type BroadcastName,
  type BroadcastPayload,
  type GopherbarApi,
  REQUESTS,
  type RequestInput,
  type RequestName,
  type RequestOutput,
} from '../../shared/contract/channels.ts';

export interface Client {
  /** Rejects when the answer does not fit the contract: a bug, not a state. */
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  on<N extends BroadcastName>(name: N, listener: (payload: BroadcastPayload<N>) => void): () => void;
  readonly systemLanguages: readonly string[];
}

export function createClient(api: GopherbarApi): Client {
  return {
    systemLanguages: api.systemLanguages,
    async request<N extends RequestName>(name: N, input: RequestInput<N>) {
      const output: unknown = await api.request(name, input);
      return v.parse(REQUESTS[name].output as v.GenericSchema<unknown, RequestOutput<N>>, output);
    },
    on<N extends BroadcastName>(name: N, listener: (payload: BroadcastPayload<N>) => void) {
      const schema = BROADCASTS[name] as v.GenericSchema<unknown, BroadcastPayload<N>>;
      return api.on(name, (payload) => {
        const checked = v.safeParse(schema, payload);
        if (checked.success) listener(checked.output);
      });
    },
  };
}

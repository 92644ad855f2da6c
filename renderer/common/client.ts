/** The renderer's side of the contract: what the main process sends is validated before it is used. */
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

declare global {
  interface Window {
    /** Set by the preload script; absent in the gallery. */
    readonly gopherbar?: GopherbarApi;
  }
}

/** Typed requests and broadcasts. */
export interface Client {
  /** Rejects when the answer breaks the contract: a bug, not a state. */
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  on<N extends BroadcastName>(name: N, listener: (payload: BroadcastPayload<N>) => void): () => void;
  readonly systemLanguages: readonly string[];
}

/** A client over the API that the preload script provides. */
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

/** The gateway's answers. */
import type { GatewayState } from '../../shared/domain/gateway.ts';
import { NO_FIGURES } from '../../shared/domain/gateway.ts';
import { sampleGateway } from '../doubles/sample-gateway.ts';

/** In most states it runs, in `kinds` with a download; with a notice its port is taken, in `drift` it is off. */
export function gatewayAt(state: string, now: number): GatewayState {
  const nothing = { figures: NO_FIGURES, upstreams: [], transfers: [], requests: [], incidents: [] };
  if (state === 'drift') return sampleGateway({ ...nothing, phase: 'off', address: null }, now);
  // A download would be in every picture of the popover.
  if (state !== 'notice') return sampleGateway(state === 'kinds' ? {} : { transfers: [] }, now);
  const params = { port: '8123', owner: 'Surge, PID 812' };
  const problem = { key: 'gateway-port-owner', params };
  return sampleGateway({ ...nothing, phase: 'port-taken', problem, otherPort: 51_823 }, now);
}

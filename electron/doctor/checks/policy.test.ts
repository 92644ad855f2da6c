/** What is read of a Mac's policies without a password, as notes. */
import { expect, it } from 'vitest';
import { diagnosis } from '../../../e2e/doubles/diagnosis.ts';
import type { PolicySummary } from '../policy-summary.ts';
import { policyCheck } from './policy.ts';

const QUIET: PolicySummary = {
  interface: 'en0',
  rejected: false,
  viaTunnel: false,
  vpns: [],
  filters: [],
  pfBlocks: null,
};

/** The policies beside a host by its address, of which nothing was measured. */
function run(policy: Partial<PolicySummary> | null) {
  const summary = policy === null ? null : { ...QUIET, ...policy };
  const context = diagnosis({}, { ports: { policy: async () => summary, platform: 'darwin' } });
  return policyCheck.run(context);
}

const said = async (policy: Partial<PolicySummary>) => {
  const { status, notes } = await run(policy);
  return [status, notes.map(({ key, params }) => ({ key, ...params }))];
};

it('is silent on a quiet Mac, and says that the packet filter was not read', async () => {
  expect(await said({})).toEqual([
    'ok',
    [{ key: 'policy-route', interface: 'en0', address: '' }, { key: 'policy-pf-unread' }],
  ]);
});

it('names content filters and VPNs that may look at the traffic', async () => {
  expect(await said({ filters: ['LuLu', 'Little Snitch'], viaTunnel: true, vpns: ['Office'] })).toEqual([
    'ok',
    [
      { key: 'policy-route', interface: 'en0', address: '' },
      { key: 'policy-vpn', names: 'Office' },
      { key: 'policy-filter', names: 'LuLu, Little Snitch' },
      { key: 'policy-pf-unread' },
    ],
  ]);
});

it('fires on a route that rejects and on a rule that blocks', async () => {
  const { status, notes } = await run({ rejected: true, pfBlocks: 'block drop out all' });
  expect(status).toBe('failed');
  expect(notes.filter(({ severity }) => severity === 'error').map(({ key }) => key)).toEqual([
    'policy-route-rejected',
    'policy-pf-blocks',
  ]);
});

it('has no part where there are no such policies', async () => {
  expect(await run(null)).toMatchObject({ status: 'not-needed', notes: [{ key: 'not-here' }] });
});

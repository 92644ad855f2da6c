/** Simulated networks through the real engine: each gets the verdict it deserves, and as many notifications as it should. */
import { expect, it } from 'vitest';
import { playScenario } from '../../build/long/scenario.ts';
import { UPSTREAM_SCENARIOS } from '../../build/long/scenarios-upstream.ts';

it.each(UPSTREAM_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  async (_name, scenario) => {
    const { verdict, severity, notified } = await playScenario(scenario);
    expect({ verdict, severity }).toEqual({ verdict: scenario.verdict, severity: scenario.severity });
    const [least, most] = scenario.notifications;
    expect(notified).toBeGreaterThanOrEqual(least);
    expect(notified).toBeLessThanOrEqual(most);
  },
  40_000,
);

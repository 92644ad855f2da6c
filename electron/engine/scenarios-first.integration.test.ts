/** Simulated networks through the real engine: each gets the verdict it deserves, and no more notifications than allowed. */
import { expect, it } from 'vitest';
import { playScenario } from '../../build/long/scenario.ts';
import { FIRST_SCENARIOS } from '../../build/long/scenarios.ts';

it.each(FIRST_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  async (_name, scenario) => {
    const { verdict, severity, told } = await playScenario(scenario);
    expect({ verdict, severity }).toEqual({ verdict: scenario.verdict, severity: scenario.severity ?? severity });
    expect(told).toBeLessThanOrEqual(scenario.told);
  },
  40_000,
);

import { defineConfig } from 'vitest/config';

/** Unit and integration tests, beside what they test. The specs of the real app are Playwright's (e2e/specs). */
export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,build,e2e}/**/*.test.{ts,tsx}'],
    // Other style sheets are left out of tests; this one is tested itself.
    css: { include: [/tokens\.css/] },
    // Limits are for what hangs, not for what is slow beside other work.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are what CI has, and half of the time tests wait for a limit: a third worker uses it. More would falsify
    // each other's timings.
    maxWorkers: 3,
  },
});

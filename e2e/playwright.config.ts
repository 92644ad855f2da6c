/** The e2e runs: one app at a time in each, traces and pictures kept on failure. */
import { defineConfig } from '@playwright/test';

/** What each part plays; without one, everything that the built app can. */
const PARTS = {
  // The stories of the built app, and what only it can.
  stories: { grepInvert: /@packaged|@gallery/ },
  // Every story again in the packaged app, and those only it can.
  packaged: { grepInvert: /@gallery/ },
  // Single pages over made-up states: the same in both.
  gallery: { grep: /@gallery/ },
  all: { grepInvert: /@packaged/ },
};

const usual = process.env.GOPHERBAR_PACKAGED === undefined ? 'all' : 'packaged';
const part = (process.env.GOPHERBAR_E2E_PART ?? usual) as keyof typeof PARTS;

export default defineConfig({
  testDir: 'specs',
  outputDir: `../test-results/${part}`,
  // The app's timings are part of what is tested: two apps on two cores would falsify them.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  ...PARTS[part],
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? '../test-results/e2e.json' }]],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});

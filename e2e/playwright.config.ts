/** The e2e runs: one app at a time, traces and pictures kept on failure. */
import { defineConfig } from '@playwright/test';

const isPackaged = process.env.GOPHERBAR_PACKAGED !== undefined;

export default defineConfig({
  testDir: 'specs',
  outputDir: isPackaged ? '../test-results/packaged' : '../test-results/built',
  // The app's timings are part of what is tested: two apps on two cores would falsify them.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // The packaged app plays every story again, and those only it can; the gallery's pages are the same in both.
  grepInvert: isPackaged ? /@gallery/ : /@packaged/,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? '../test-results/e2e.json' }]],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});

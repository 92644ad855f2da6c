import { defineConfig } from 'vitest/config';

/** The command line against real servers of Debian; `npm run test:interop`. */
export default defineConfig({
  test: { include: ['e2e/interop/*.interop.ts'], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 1 },
});

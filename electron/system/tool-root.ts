/** Where the system's own tools are: `/`, but in the build for tests, which plays recorded outputs below a folder. */
import type { Env } from './files.ts';

declare const __GOPHERBAR_E2E__: boolean | undefined;

/** A build-time constant decides: what ships has no such door. */
export function toolRoot(env: Env): string {
  return typeof __GOPHERBAR_E2E__ !== 'undefined' && __GOPHERBAR_E2E__ ? (env.GOPHERBAR_TOOL_ROOT ?? '/') : '/';
}

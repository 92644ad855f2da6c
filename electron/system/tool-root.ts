/** Root of the system's tools: `/`; in the build for tests a folder with recorded outputs. */
import type { Env } from './files.ts';

declare const __GOPHERBAR_E2E__: boolean | undefined;

/** A build-time constant decides: the product has no such override. */
export function toolRoot(env: Env): string {
  return typeof __GOPHERBAR_E2E__ !== 'undefined' && __GOPHERBAR_E2E__ ? (env.GOPHERBAR_TOOL_ROOT ?? '/') : '/';
}

/** Updates: staged while all is well, on their way in a drift, and without any usable server while go is down. */
import { MINUTE_MS } from '../../shared/domain/units.ts';
import type { UpdateState } from '../../shared/domain/update.ts';

const GITHUB = 'https://github.com/gopherbar/gopherbar/releases/latest/download';
const MIRROR = 'https://gopherbar.dev/releases';

const NOTES = `### Added
- The gateway keeps a partial download of a large toolchain and resumes it, on any upstream that has the same file
- \`gopherbar lag\` names the mirror that lags behind

### Fixed
- A captive portal that answers HTTPS with a certificate of its own is recognized`;

/** The state of updates in a state of the gallery. */
export function updatesAt(state: string, now: number): UpdateState {
  const next = { version: '0.2.0', notes: NOTES };
  const base = { version: '0.1.0', progress: 0, checkedAt: now - 7 * MINUTE_MS };
  const reset = { url: GITHUB, failure: 'unreachable', cause: 'connection-reset', detail: 'ECONNRESET' } as const;
  if (state === 'down') {
    const wrong = { url: MIRROR, failure: 'checksum', cause: null, detail: 'ERR_CHECKSUM_MISMATCH' } as const;
    return { ...base, phase: 'idle', next: null, feeds: [reset, wrong] };
  }
  if (state === 'drift') return { ...base, phase: 'downloading', next, progress: 0.43, feeds: [reset] };
  if (state === 'offline') return { ...base, phase: 'unsupported', next: null, checkedAt: null, feeds: [] };
  return {
    ...base,
    phase: 'staged',
    next,
    progress: 1,
    feeds: [reset, { ...reset, url: MIRROR, failure: null, cause: null, detail: '' }],
  };
}

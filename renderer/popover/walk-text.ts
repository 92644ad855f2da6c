/** What a GOPROXY list would do now, in a few words and a shape. Pure. */
import type { Status } from '../../shared/domain/status.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import { causeShort, type Translate } from '../../shared/messages/messages.ts';

export interface WalkText {
  readonly text: string;
  /** The cause of the failure that decided it; null when there was none. */
  readonly cause: string | null;
  readonly tone: 'good' | 'warn' | 'bad' | 'dim';
  readonly shape: Status;
}

const LOOKS = {
  works: { tone: 'good', shape: 'up' },
  slow: { tone: 'warn', shape: 'degraded' },
  'fell-back': { tone: 'warn', shape: 'degraded' },
  stops: { tone: 'bad', shape: 'down' },
  unproven: { tone: 'dim', shape: 'unknown' },
} as const;

/** `checking` is true before the first results: then nothing is known rather than untested. */
export function walkText(walk: Walk, checking: boolean, t: Translate): WalkText {
  const cause = walk.steps.find((step) => step.cause !== null)?.cause ?? null;
  return {
    ...LOOKS[walk.outcome],
    text: words(walk, checking, t),
    cause: cause === null ? null : causeShort(t, cause),
  };
}

function words({ outcome, latencyMs, endsAt, steps }: Walk, checking: boolean, t: Translate): string {
  const latency = latencyMs === null ? '' : formatLatency(latencyMs);
  const entry = (endsAt ?? 0) + 1;
  switch (outcome) {
    case 'works':
      return latency === '' ? t('popover.walk-works-bare') : t('popover.walk-works', { latency });
    case 'slow':
      return latency === '' ? t('popover.walk-slow-bare') : t('popover.walk-slow', { latency });
    case 'fell-back':
      return t('popover.walk-fell-back', { entry, latency });
    case 'stops':
      return steps.length === 0 ? t('popover.walk-stops-empty') : t('popover.walk-stops', { entry });
    case 'unproven':
      return t(checking ? 'popover.walk-checking' : 'popover.walk-unproven');
  }
}

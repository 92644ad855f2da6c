/** What desktop notifications say. */
import type { Alert, Recovery } from './snapshot.ts';

/** One desktop notification to show now. Each is emitted once. */
export type Announcement =
  | { readonly kind: 'outage' | 'reminder'; readonly alert: Alert }
  | { readonly kind: 'recovery'; readonly recovery: Recovery }
  | {
      readonly kind: 'moved';
      readonly from: string | null;
      readonly to: string;
      readonly why: 'outage' | 'slow' | 'recovered' | 'network';
    };

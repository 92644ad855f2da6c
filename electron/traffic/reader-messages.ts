/** What the app and the thread that reads its captures and traces say to each other. */
import type { Traffic } from '../../shared/domain/traffic.ts';

/** What the thread is started with. */
export interface ReaderWork {
  readonly file: string;
}

/** What is known of a file once it was read, or meanwhile. */
export type ReadChange = Partial<Pick<Traffic, 'kind' | 'progress' | 'trace' | 'capture' | 'problem'>>;

/** From the thread. */
export type FromReader =
  | { readonly type: 'change'; readonly change: ReadChange }
  /** The last message. */
  | { readonly type: 'done'; readonly change: ReadChange };

/** To the thread: end early, with what was read. */
export type ToReader = 'cancel';

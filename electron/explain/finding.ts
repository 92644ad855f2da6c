/** What is found in an output of `go` or `git`. */
import type { Cause, Layer } from '../../shared/domain/cause.ts';
import type { Situation } from '../../shared/domain/situation.ts';

/** One thing that went wrong, as read from a text. */
export interface Finding {
  readonly cause: Cause;
  /** What lies under it when the cause is a wrapper (sumdb-unreachable, vcs-network, toolchain-download-failed). */
  readonly underlying?: Cause | undefined;
  readonly layer: Layer;
  /** How sure the text makes it, 0…1: several causes print the same words. */
  readonly confidence: number;
  /** Without credentials. */
  readonly url?: string | undefined;
  /** Who is blamed; with the port for a forward proxy. */
  readonly host?: string | undefined;
  /** `path` or `path@version`. */
  readonly module?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** The deciding line and its neighbours, without credentials, at most 1,000 characters. */
  readonly text: string;
  /** Where and how it happened: what a remedy depends on. */
  readonly situation: Situation;
}

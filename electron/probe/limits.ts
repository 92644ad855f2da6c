/** Limits in bytes that more than one part of a probe keeps. */

/** A header section above this is no healthy answer (llhttp's and most servers' limit is 16 KiB). */
export const MAX_HEADER_BYTES = 16 * 1024;

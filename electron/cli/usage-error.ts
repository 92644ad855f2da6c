/** Invalid arguments: one line, exit code 2, no action. */
export class UsageError extends Error {}

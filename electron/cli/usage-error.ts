/** Arguments that mean nothing: said in one line, exit code 2, nothing done. */
export class UsageError extends Error {}

/** One numbered step from a layout of the history file to the next. */
export interface Migration {
  /** The `user_version` it leads to; one more than its predecessor's. */
  readonly version: number;
  readonly sql: string;
}

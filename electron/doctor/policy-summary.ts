/** What can be read of macOS's own policies without a password, as far as a download may meet them. */
export interface PolicySummary {
  /** Interface of the route to the subject; null = unread. */
  readonly interface: string | null;
  /** The route says: reject. */
  readonly rejected: boolean;
  /** A tunnel (utun, ipsec, ppp) is in the way. */
  readonly viaTunnel: boolean;
  /** Connected VPN services by name. */
  readonly vpns: readonly string[];
  /** Active network extensions by name. */
  readonly filters: readonly string[];
  /** The rule that stops the subject, by the last reading with a password; null = none, or there was no such reading. */
  readonly pfBlocks: string | null;
}

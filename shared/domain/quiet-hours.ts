/** The hours in which no notification is sent, local time. */

export interface QuietHours {
  /** Minutes since midnight; equal to `toMinute` = never. */
  readonly fromMinute: number;
  /** Minutes since midnight; earlier than `fromMinute` = on the next day. */
  readonly toMinute: number;
}

/** Reads `22:00-08:00`; null for anything else. */
export function parseQuietHours(text: string): QuietHours | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) return null;
  const [, fromHour, fromMinute, toHour, toMinute] = match.map(Number);
  return {
    fromMinute: (fromHour ?? 0) * 60 + (fromMinute ?? 0),
    toMinute: (toHour ?? 0) * 60 + (toMinute ?? 0),
  };
}

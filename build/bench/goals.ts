/** What the benches are measured by: ratios of one run, unless a unit is named. */
export const GOALS = {
  /** CPU of a probe in the worker, times a raw TLS client. */
  probeTimesFloor: 1.1,
  /** 99th percentile of 1,000 probes at once, times a raw TLS client. */
  p99TimesFloor: 1.25,
  /** Memory of a probe in flight, kB. */
  kbInFlight: 110,
  /** CPU of ten endpoints every 30 s with nothing shown, times a bare loop of the same probes. */
  idleTimesBare: 1.25,
  /** Wake-ups in a minute, the same ten endpoints. */
  wakeupsPerMinute: 40,
  bytesPerSample: 6.7,
  writtenPerSample: 1_000,
  /** Ninety days of ten endpoints as a chart, share of the time that a table with a row for each beat takes. */
  chartOfHeartbeat: 1 / 500,
  /** Error of a percentile, share. */
  percentileError: 0.01,
  /** First snapshot with a year of history, times that with none. */
  openWithHistory: 1.15,
  /** JavaScript that the popover loads, kB. */
  popoverKb: 250,
  versionTimesNode: 1.5,
  statusTimesNode: 2,
  explainTimesNode: 2,
} as const;

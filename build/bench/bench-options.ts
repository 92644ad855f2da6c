/** How a bench is run. */
export interface BenchOptions {
  readonly quick: boolean;
}

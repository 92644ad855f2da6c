/** Rows of a table of what was right. */
export interface Row {
  readonly what: string;
  readonly right: number;
  readonly of: number;
  /** Share that is wanted. */
  readonly goal: number;
  readonly wrong: readonly string[];
}

/** Counts what is right. */
export function row<T extends { readonly name: string }>(
  what: string,
  cases: readonly T[],
  goal: number,
  isRight: (one: T) => boolean,
): Row {
  const wrong = cases.filter((one) => !isRight(one)).map(({ name }) => name);
  return { what, right: cases.length - wrong.length, of: cases.length, goal, wrong };
}

/** Answers whose confidence is at least `from` and below the next band's. */
export interface Band {
  readonly from: number;
  readonly right: number;
  readonly of: number;
}

const BANDS = [0, 0.5, 0.7, 0.8, 0.9] as const;

/** How often answers of each confidence are right; bands without any are left out. */
export function calibrationOf(
  cases: readonly { readonly confidence: number | null; readonly isRight: boolean }[],
): readonly Band[] {
  return BANDS.map((from, i) => {
    const below = BANDS[i + 1] ?? Number.POSITIVE_INFINITY;
    const within = cases.filter(({ confidence }) => confidence !== null && confidence >= from && confidence < below);
    return { from, right: within.filter(({ isRight }) => isRight).length, of: within.length };
  }).filter(({ of }) => of > 0);
}

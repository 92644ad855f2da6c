/**
 * One column of whole numbers, packed: the cheapest of three codes, chosen by counting bits. `few-exceptions` suits
 * columns that are nearly constant (outcome, presence, rounding), the other two noise around a level or a drift.
 */
import { type BitReader, type BitWriter, riceCost, unzigzag, zigzag } from './bits.ts';

/** Part of the stored format: never renumber. */
const FEW_EXCEPTIONS = 0;
const AROUND_MEDIAN = 1;
const AROUND_PREVIOUS = 2;

/** Widths of the header's fields, bits. */
const METHOD_BITS = 2;
const K_BITS = 5;

/** Writes values (integers, 0 … 2³⁰−1); the reader must know how many. */
export function encodeColumn(out: BitWriter, values: readonly number[]): void {
  if (values.length === 0) return;
  const common = mostCommon(values);
  const median = medianOf(values);
  const aroundMedian = values.map((value) => zigzag(value - median));
  const aroundPrevious = values.map((value, index) => zigzag(value - (values[index - 1] ?? median)));
  const byMedian = bestRice(aroundMedian);
  const byPrevious = bestRice(aroundPrevious);
  const cheapest = Math.min(byMedian.cost, byPrevious.cost) + K_BITS;
  if (exceptionsCost(values, common) <= cheapest) {
    writeExceptions(out, values, common);
  } else if (byMedian.cost <= byPrevious.cost) {
    writeRice(out, AROUND_MEDIAN, median, byMedian.k, aroundMedian);
  } else {
    writeRice(out, AROUND_PREVIOUS, median, byPrevious.k, aroundPrevious);
  }
}

/** Reads `count` values. Throws RangeError on a damaged stream. */
export function decodeColumn(input: BitReader, count: number): number[] {
  if (count === 0) return [];
  const method = input.bits(METHOD_BITS);
  const base = input.gamma();
  if (method === FEW_EXCEPTIONS) return readExceptions(input, count, base);
  if (method !== AROUND_MEDIAN && method !== AROUND_PREVIOUS) throw new RangeError('unknown column code');
  const k = input.bits(K_BITS);
  const values: number[] = [];
  let reference = base;
  for (let index = 0; index < count; index++) {
    const value = reference + unzigzag(input.rice(k));
    values.push(value);
    if (method === AROUND_PREVIOUS) reference = value;
  }
  return values;
}

function writeRice(out: BitWriter, method: number, base: number, k: number, residuals: readonly number[]): void {
  out.bits(method, METHOD_BITS);
  out.gamma(base);
  out.bits(k, K_BITS);
  for (const residual of residuals) out.rice(residual, k);
}

function writeExceptions(out: BitWriter, values: readonly number[], common: number): void {
  out.bits(FEW_EXCEPTIONS, METHOD_BITS);
  out.gamma(common);
  out.gamma(values.reduce((count, value) => count + (value === common ? 0 : 1), 0));
  let next = 0;
  for (const [index, value] of values.entries()) {
    if (value === common) continue;
    out.gamma(index - next);
    out.gamma(zigzag(value - common));
    next = index + 1;
  }
}

function readExceptions(input: BitReader, count: number, common: number): number[] {
  const values = new Array<number>(count).fill(common);
  const exceptions = input.gamma();
  let next = 0;
  for (let read = 0; read < exceptions; read++) {
    next += input.gamma();
    if (next >= count) throw new RangeError('column exception beyond the end');
    values[next] = common + unzigzag(input.gamma());
    next++;
  }
  return values;
}

function exceptionsCost(values: readonly number[], common: number): number {
  let cost = 0;
  let next = 0;
  for (const [index, value] of values.entries()) {
    if (value === common) continue;
    cost += gammaCost(index - next) + gammaCost(zigzag(value - common));
    next = index + 1;
  }
  return cost;
}

function gammaCost(value: number): number {
  return 2 * (31 - Math.clz32(value + 1)) + 1;
}

/** The Rice parameter with the fewest bits: near log2 of the mean, so only its neighbours are tried. */
function bestRice(residuals: readonly number[]): { readonly k: number; readonly cost: number } {
  const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
  const guess = Math.floor(Math.log2(mean + 1));
  let best = { k: 0, cost: Number.POSITIVE_INFINITY };
  for (let k = Math.max(0, guess - 2); k <= Math.min(30, guess + 1); k++) {
    const cost = residuals.reduce((sum, value) => sum + riceCost(value, k), 0);
    if (cost < best.cost) best = { k, cost };
  }
  return best;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function mostCommon(values: readonly number[]): number {
  const counts = new Map<number, number>();
  let best = values[0] ?? 0;
  for (const value of values) {
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (count > (counts.get(best) ?? 0)) best = value;
  }
  return best;
}

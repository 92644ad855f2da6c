/** A history strip in block characters: height is latency, `×` a failure, `·` a gap. */
import type { StripCell } from '../../shared/domain/snapshot.ts';
import type { CliIo } from './cli-io.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';

/** Renders cells, joining neighbours when there are more than `width`. */
export function stripText(cells: readonly StripCell[], width: number, io: Pick<CliIo, 'style'>): string {
  const shown = join(cells, width);
  const known = shown.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  const top = Math.max(1, ...known);
  return shown.map((cell) => render(cell, top, io)).join('');
}

function render({ outcome, latencyMs }: StripCell, top: number, io: Pick<CliIo, 'style'>): string {
  if (outcome === 'gap') return io.style('dim', '·');
  if (outcome === 'failed') return io.style('red', '×');
  // Square root: one slow hour must not flatten the rest of the day.
  const level = Math.round(Math.sqrt((latencyMs ?? 0) / top) * (BLOCKS.length - 1));
  return io.style(outcome === 'slow' ? 'yellow' : 'green', BLOCKS[level] ?? '▁');
}

const RANK = { gap: 0, up: 1, slow: 2, failed: 3 } as const;

/** The worst of the joined cells counts: a failure must not disappear in a narrow terminal. */
function join(cells: readonly StripCell[], width: number): readonly StripCell[] {
  if (cells.length <= width) return cells;
  return Array.from({ length: width }, (_, i) => {
    const part = cells.slice(Math.floor((i * cells.length) / width), Math.floor(((i + 1) * cells.length) / width));
    return part.reduce((worst, cell) => (RANK[cell.outcome] > RANK[worst.outcome] ? cell : worst));
  });
}

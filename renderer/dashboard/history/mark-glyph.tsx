/** The picture of a mark: an endpoint's status in its own shape, anything else as a small drawing. Decorative. */
import { StatusShape } from '../../common/shapes.tsx';
import type { MarkGlyph, TimelineMark } from './timeline-marks.ts';

export function MarkPicture({ mark: { glyph } }: { readonly mark: TimelineMark }) {
  if (!isGlyph(glyph)) return <StatusShape shape={glyph} size={12} />;
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path
        d={PATHS[glyph]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

const PATHS: Readonly<Record<MarkGlyph, string>> = {
  switch: 'M1.500 4h8M7.500 2l2 2-2 2M10.500 8h-8M4.500 6l-2 2 2 2',
  network: 'M1.200 4.800a6.800 6.800 0 0 1 9.600 0M3 7.200a4.200 4.200 0 0 1 6 0M6 9.800h.01',
  power: 'M6 1.200v4.300M3.400 3a4.300 4.300 0 1 0 5.200 0',
  sleep: 'M10.200 7.600A4.600 4.600 0 1 1 4.400 1.800a3.700 3.700 0 0 0 5.800 5.800Z',
  pause: 'M4 2.200v7.600M8 2.200v7.600',
  drill:
    'M6 1.200a4.800 4.800 0 1 0 0 9.600a4.800 4.800 0 1 0 0-9.600M6 4.200a1.800 1.800 0 1 0 0 3.600a1.800 1.800 0 1 0 0-3.600',
  settings:
    'M1.500 4h2.700M7.200 4h3.300M5.700 2.500a1.500 1.500 0 1 0 0 3a1.500 1.500 0 1 0 0-3M1.500 8.500h5M9.500 8.500h1M8 7a1.500 1.500 0 1 0 0 3a1.500 1.500 0 1 0 0-3',
  level: 'M1 3.500h4.500v5H11',
  gap: 'M1.500 6h1.500M5.200 6h1.600M9 6h1.500',
};

function isGlyph(glyph: TimelineMark['glyph']): glyph is MarkGlyph {
  return glyph in PATHS;
}

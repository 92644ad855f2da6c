/** States by shape and colour, and the icons of buttons. Decorative: the words stand beside them. */
import type { ReactNode } from 'react';
import type { Status } from '../../shared/domain/status.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';

type Shape = Status | 'paused' | 'offline';

/** Disc, triangle, crossed square, ring, bars, slashed ring. */
export function StatusShape({ shape, size = 11 }: { readonly shape: Shape; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  );
}

const SHAPES: Readonly<Record<Shape, ReactNode>> = {
  up: <circle cx="6" cy="6" r="5" fill="var(--good-fill)" />,
  degraded: <path d="M6 .8 11.6 11H.4Z" fill="var(--warn-fill)" />,
  flapping: (
    <path
      d="M.8 8 3.500 3 6 9 8.500 3l2.700 5"
      fill="none"
      stroke="var(--warn-fill)"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  down: (
    <>
      <rect x="1" y="1" width="10" height="10" rx="1.8" fill="var(--bad-fill)" />
      <path d="M3.8 3.8l4.4 4.4M8.2 3.8l-4.4 4.4" stroke="#fff" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  unknown: <circle cx="6" cy="6" r="4.2" fill="none" stroke="var(--ink-3)" strokeWidth="1.5" />,
  paused: <path d="M3.2 2v8M8.8 2v8" stroke="var(--ink-3)" strokeWidth="2.2" strokeLinecap="round" />,
  offline: (
    <path
      d="M6 1.6a4.4 4.4 0 1 0 0 8.800a4.4 4.4 0 0 0 0-8.800M2.900 9.100l6.200-6.200"
      fill="none"
      stroke="var(--ink-3)"
      strokeWidth="1.5"
    />
  ),
};

const STEPS: Readonly<Record<StepState, ReactNode>> = {
  passed: (
    <>
      <circle cx="6" cy="6" r="5.4" fill="var(--good-fill)" />
      <path
        d="M3.6 6.200l1.700 1.700 3.100-3.500"
        fill="none"
        stroke="#fff"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  warned: SHAPES.degraded,
  failed: SHAPES.down,
  skipped: <circle cx="6" cy="6" r="4.8" fill="none" stroke="var(--gap-fill)" strokeWidth="1.4" />,
  running: (
    <path
      d="M6 1.200a4.800 4.800 0 1 1-4.800 4.800"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="1.600"
      strokeLinecap="round"
    />
  ),
};

/** How a step ended: ticked disc, triangle, crossed square, dashed ring; a ring that turns while it runs. */
export type StepState = 'passed' | 'warned' | 'failed' | 'skipped' | 'running';

export function StepShape({ step }: { readonly step: StepState }) {
  return (
    <svg
      className={step === 'running' ? 'step-shape turning' : 'step-shape'}
      width="14"
      height="14"
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      {STEPS[step]}
    </svg>
  );
}

/** The large glyph of the head. */
export function HeadGlyph({ severity }: { readonly severity: Verdict['severity'] }) {
  return (
    <svg className="glyph" width="36" height="36" viewBox="0 0 32 32" aria-hidden="true">
      {GLYPHS[severity]}
    </svg>
  );
}

const white = {
  fill: 'none',
  stroke: '#fff',
  strokeWidth: 2.8,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const GLYPHS: Readonly<Record<Verdict['severity'], ReactNode>> = {
  healthy: (
    <>
      <circle cx="16" cy="16" r="15" fill="var(--good-fill)" />
      <path d="M9.5 16.6l4.4 4.3 8.6-9.2" {...white} />
    </>
  ),
  degraded: (
    <>
      <path
        d="M14 3.400a2.300 2.300 0 0 1 4 0l12.300 22.200a2.300 2.300 0 0 1-2 3.400H3.700a2.300 2.300 0 0 1-2-3.400Z"
        fill="var(--warn-fill)"
      />
      <path d="M16 12v7M16 24v.1" {...white} />
    </>
  ),
  down: (
    <>
      <rect x="2" y="2" width="28" height="28" rx="6" fill="var(--bad-fill)" />
      <path d="M11 11l10 10M21 11l-10 10" {...white} />
    </>
  ),
  unknown: (
    <circle
      cx="16"
      cy="16"
      r="13.500"
      fill="none"
      stroke="var(--ink-3)"
      strokeWidth="2.600"
      strokeDasharray="6 5"
      strokeLinecap="round"
    />
  ),
  offline: (
    <>
      <circle cx="16" cy="16" r="15" fill="var(--ink-3)" />
      <path
        d="M8.500 13.200a11 11 0 0 1 15 0M11.800 17a6.300 6.300 0 0 1 8.400 0M16 21.500v.1M9.500 8.500l13 15"
        {...white}
        strokeWidth={2.2}
      />
    </>
  ),
  paused: (
    <>
      <circle cx="16" cy="16" r="15" fill="var(--ink-3)" />
      <path d="M12.500 11v10M19.500 11v10" {...white} />
    </>
  ),
};

const ICONS = {
  probe: 'M14.500 9a5.500 5.500 0 1 1-1.700-4M14.700 2.500v3.200h-3.200',
  chart: 'M2.500 14.500h13M4.500 11.500V8M9 11.500V4M13.500 11.500V6.500',
  pause: 'M6.200 4.500v9M11.800 4.500v9',
  resume: 'M6 4.200v9.600l7.500-4.800Z',
  settings:
    'M9 6.300a2.700 2.700 0 1 0 0 5.400a2.700 2.700 0 0 0 0-5.400M9 2.200l.5 1.900 1.800.7 1.700-1 1.200 1.200-1 1.700.7 1.800 1.900.5-1.900.5-.7 1.800 1 1.700-1.200 1.200-1.700-1-1.800.7-.5 1.900-.5-1.900-1.800-.7-1.700 1-1.200-1.200 1-1.700-.7-1.800L2.200 9l1.900-.5.7-1.800-1-1.700L5 3.800l1.700 1 1.800-.7Z',
  more: 'M4.500 9h.01M9 9h.01M13.500 9h.01',
  pulse: 'M2 9.500h3l1.800-5 3.200 9.500 2-6 .9 1.500H16',
  arrows: 'M3 6.500h9.500M10 3.800l2.800 2.700L10 9.200M15 11.500H5.500M8 8.800l-2.800 2.700L8 14.200',
  stethoscope:
    'M4 3v4.500a3.500 3.500 0 0 0 7 0V3M7.500 11v.8a3.200 3.200 0 0 0 6.400 0v-1.300M13.900 7.300a1.600 1.600 0 1 0 0 3.200a1.600 1.600 0 0 0 0-3.200M3 3h2M10 3h2',
  display: 'M3 4h12v8H3ZM7 15h4M9 12v3',
  bookmark: 'M5 3.500v11l4-3.200 4 3.200v-11Z',
  sliders:
    'M3 5.500h7M13.500 5.500H15M3 12.500h1.500M8 12.500h7M11.800 3.800a1.700 1.700 0 1 0 0 3.400a1.700 1.700 0 0 0 0-3.400M6.200 10.800a1.700 1.700 0 1 0 0 3.400a1.700 1.700 0 0 0 0-3.400',
  shield:
    'M9 2.500l5.500 2v4c0 3.500-2.300 5.800-5.500 7c-3.200-1.200-5.500-3.500-5.500-7v-4ZM6.500 9l1.800 1.800 3.200-3.400',
  folder: 'M2.500 5v8.500h13v-7H8.500L7 4.500H2.500Z',
  open: 'M7 5.200L10.800 9l-3.800 3.800',
  back: 'M11 3.800L5.800 9l5.200 5.200',
  close: 'M5 5l8 8M13 5l-8 8',
  copy: 'M6.500 6.500h7v8h-7ZM4.500 11.500v-8h7',
  lock: 'M4.500 8h9v6.500h-9ZM6.500 8V5.500a2.500 2.500 0 0 1 5 0V8',
} as const;

export type IconName = keyof typeof ICONS;

export function Icon({ name, turning = false }: { readonly name: IconName; readonly turning?: boolean }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" className={turning ? 'turning' : undefined}>
      <path
        d={ICONS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

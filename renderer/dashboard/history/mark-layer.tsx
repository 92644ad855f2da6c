/**
 * The marks over a chart as buttons: one Tab stop, arrows move through time, Enter looks closer, Escape returns to the
 * chart. What is pointed at or focused is shown in a tip.
 */
import { useRef, useState } from 'react';
import type { Chart } from '../../../shared/domain/timeline.ts';
import type { Translate } from '../../../shared/messages/messages.ts';
import type { Zoom } from '../dashboard-store.ts';
import { CHART_HEIGHT, PLOT_EDGES } from './chart-options.ts';
import { MarkPicture } from './mark-glyph.tsx';
import { captionWidth, MARK_SIZE, type MarkPlace, placesOf, zoomOnto } from './mark-places.ts';
import { markText, type TimelineMark } from './timeline-marks.ts';

/** Marks named in a tip; the list below the chart has all. */
const IN_TIP = 5;
/** From this width on a gap is labelled, CSS px. */
const LABEL_FROM = 110;

/** Of each lane, CSS px: above the plot, in it, and below it. */
const TOPS = { outage: 1, gap: CHART_HEIGHT * 0.3, event: CHART_HEIGHT - PLOT_EDGES.bottom + 4 } as const;

interface Props {
  readonly chart: Chart;
  readonly marks: readonly TimelineMark[];
  /** Of the figure, CSS px. */
  readonly width: number;
  /** The outage or gap under the crosshair. */
  readonly under: TimelineMark | null;
  readonly t: Translate;
  readonly onZoom: (zoom: Zoom) => void;
  /** Gives the focus back to the chart. */
  readonly onLeave: () => void;
}

export function MarkLayer({ chart, marks, width, under, t, onZoom, onLeave }: Props) {
  const group = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [stop, setStop] = useState<string | null>(null);
  const places = placesOf(marks, chart, Math.max(1, width - PLOT_EDGES.left - PLOT_EDGES.right));
  const shownPlace = places.find(({ key }) => key === shown);
  const tabStop = places.find(({ key }) => key === stop) ?? places.at(-1);
  const tip = shownPlace ?? places.find((place) => under !== null && place.marks.includes(under));
  const move = (to: number) =>
    group.current?.querySelectorAll('button')[Math.max(0, Math.min(places.length - 1, to))]?.focus();
  const onKey = (event: React.KeyboardEvent) => {
    const index = places.findIndex(({ key }) => key === tabStop?.key);
    const act: Record<string, () => void> = {
      ArrowLeft: () => move(index - 1),
      ArrowRight: () => move(index + 1),
      Home: () => move(0),
      End: () => move(places.length - 1),
      Escape: () => {
        setShown(null);
        onLeave();
      },
    };
    const wanted = act[event.key];
    if (wanted === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    wanted();
  };
  if (places.length === 0) return null;
  return (
    <>
      <div
        ref={group}
        className="marks"
        role="toolbar"
        aria-label={t('dashboard.mark-keys')}
        data-testid="marks"
        onKeyDown={onKey}
      >
        {places.map((place) => (
          <button
            key={place.key}
            type="button"
            className={classOf(place)}
            style={{ left: PLOT_EDGES.left + place.x, top: TOPS[place.lane] }}
            tabIndex={place.key === tabStop?.key ? 0 : -1}
            aria-label={place.marks.slice(0, IN_TIP).map(markText).concat(moreOf(place, t)).join('; ')}
            onFocus={() => {
              setStop(place.key);
              setShown(place.key);
            }}
            onBlur={() => setShown(null)}
            onMouseEnter={() => setShown(place.key)}
            onMouseLeave={() => setShown(null)}
            onClick={() => {
              const zoom = zoomOnto(place, chart);
              if (zoom !== null) onZoom(zoom);
            }}
          >
            <PlaceFace place={place} />
          </button>
        ))}
      </div>
      {places.map((place) => (
        <GapLabel key={place.key} place={place} />
      ))}
      {tip !== undefined && <Tip place={tip} width={width} t={t} />}
    </>
  );
}

function classOf({ lane, marks }: MarkPlace): string {
  return ['chart-mark', lane, marks.every(({ drill }) => drill) ? 'practice' : ''].join(' ');
}

function PlaceFace({ place: { marks } }: { readonly place: MarkPlace }) {
  const [first] = marks;
  if (first === undefined) return null;
  return marks.length > 1 ? <b className="num">{marks.length}</b> : <MarkPicture mark={first} />;
}

/** What the hatched span is, written into it where there is room; the button beside it says the same. */
function GapLabel({ place: { marks, x, width } }: { readonly place: MarkPlace }) {
  const [first] = marks;
  if (first === undefined || marks.length > 1 || width < LABEL_FROM) return null;
  const style = { left: PLOT_EDGES.left + x, top: TOPS.gap + MARK_SIZE, maxWidth: width };
  return (
    <span className="gap-label num" style={style} aria-hidden="true">
      {first.title}
      {captionWidth(first.detail) <= width && <small>{first.detail}</small>}
    </span>
  );
}

interface TipProps {
  readonly place: MarkPlace;
  readonly width: number;
  readonly t: Translate;
}

/** On the side of the mark where there is more room. What it says is in the button's name, too. */
function Tip({ place, width, t }: TipProps) {
  const x = PLOT_EDGES.left + place.x;
  const side = x > width / 2 ? { right: width - x + 14 } : { left: x + 14 };
  return (
    <div className={`tip ${place.lane}`} style={side} role="tooltip" data-testid="mark-tip">
      {place.marks.slice(0, IN_TIP).map((mark) => (
        <p key={mark.key}>
          <b>{mark.title}</b>
          <small className="num">{mark.detail}</small>
        </p>
      ))}
      {moreOf(place, t).map((text) => (
        <small key={text}>{text}</small>
      ))}
    </div>
  );
}

function moreOf({ marks }: MarkPlace, t: Translate): readonly string[] {
  return marks.length > IN_TIP ? [t('dashboard.more', { count: marks.length - IN_TIP })] : [];
}

/** The live table of `gopherbar watch` on a terminal: drawing in place, keys, and the terminal put back at the end. */
import type { Outcome } from '../../shared/domain/outcome.ts';
import { problemText } from '../../shared/messages/messages.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { Clock } from '../system/clock.ts';
import { eitherSignal } from '../system/web.ts';
import type { CliInput, CliIo } from './cli-io.ts';
import { renderWatch } from './render-watch.ts';
import { ownSequence } from './terminal-text.ts';
import { FIRST_VIEW, viewAfter } from './watch-view.ts';

const REDRAW_MS = 1_000;

/**
 * Draws the engine's snapshot in place, at once and at every change, and follows keys. Resolves when `over` does, whose
 * signal aborts at Ctrl-C and q; the terminal is then as it was.
 */
export async function liveTable(
  engine: Engine,
  io: CliIo,
  clock: Clock,
  over: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  let drawn = 0;
  let notice = '';
  let view = FIRST_VIEW;
  const draw = () => {
    const lines = renderWatch(engine.snapshot(), { view, notice }, io, clock.now());
    const up = drawn > 0 ? ownSequence(`[${drawn}A`) : '';
    io.out(`${up}${lines.map((line) => `${ownSequence('[2K')}${line}\n`).join('')}${ownSequence('[J')}`);
    drawn = lines.length;
  };
  let isOpen = true;
  const report = (outcome: Outcome) => {
    notice = outcome.ok ? '' : problemText(io.t, outcome.problem);
    // A command that ends after the table must not draw below the prompt.
    if (isOpen) draw();
  };
  io.out(ownSequence('[?25l'));
  const stop = engine.subscribe(draw);
  const ticking = setInterval(draw, REDRAW_MS);
  const quit = new AbortController();
  const onKey = (key: string) => {
    const next = viewAfter(key, view, engine.snapshot());
    if (next === null) return act(engine, key, report);
    view = next;
    draw();
  };
  const stopKeys = readKeys(io.input(), onKey, quit);
  draw();
  await over(eitherSignal(io.signal, quit.signal));
  isOpen = false;
  stopKeys();
  clearInterval(ticking);
  stop();
  io.out(ownSequence('[?25h'));
}

function act(engine: Engine, key: string, report: (outcome: Outcome) => void): void {
  if (key === 'r') void engine.probing.probeNow(null).then(report);
  else if (key === 'f') applyRemedy(engine, report);
  else if (key === 'u') void engine.profiles.undo().then(report);
  else if (key === 'p')
    report(engine.snapshot().schedule.paused === null ? engine.probing.pauseFor(null) : engine.probing.resume());
  else if (/^[1-9]$/.test(key)) {
    const profile = engine.snapshot().profiles[Number(key) - 1]?.profile;
    if (profile !== undefined) void engine.profiles.use(profile.id).then(report);
  }
}

function applyRemedy(engine: Engine, report: (outcome: Outcome) => void): void {
  const remedy = engine.snapshot().alert?.remedyProfileId ?? null;
  if (remedy !== null) void engine.profiles.use(remedy).then(report);
}

/** Single keys without Enter; q and Ctrl-C abort `quit`. Returns a function that restores the terminal. */
function readKeys(input: CliInput, onKey: (key: string) => void, quit: AbortController): () => void {
  if (input.isTTY !== true) return () => {};
  const onData = (data: Buffer) => {
    const key = data.toString('utf8');
    if (key === 'q' || key === '\u0003') quit.abort();
    else onKey(key);
  };
  input.setRawMode?.(true);
  input.on('data', onData);
  input.resume();
  return () => {
    input.off('data', onData);
    input.setRawMode?.(false);
    input.pause();
  };
}

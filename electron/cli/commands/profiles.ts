/** `gopherbar profiles`, `use` and `undo`: the effective settings, and one command to change them. */

import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import type { Outcome } from '../../../shared/domain/outcome.ts';
import { activeProfile, PROFILE_VARIABLES, type Profile } from '../../../shared/domain/profile.ts';
import { redactDeep } from '../../../shared/domain/secrets.ts';
import type { GoState } from '../../../shared/domain/snapshot.ts';
import { commandLine } from '../../../shared/domain/switch-plan.ts';
import type { HistoryEvent } from '../../../shared/domain/timeline.ts';
import { inLanguage, problemText } from '../../../shared/messages/messages.ts';
import type { Core } from '../../composition/core.ts';
import type { Clock } from '../../system/clock.ts';
import { askEngine } from '../ask-engine.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findProfile } from '../find-profile.ts';
import { reportError, reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import { pad, textWidth } from '../text-width.ts';
import { withGateway } from './gateway-files.ts';
import type { ProfilesArguments, UndoArguments, UseArguments } from './profiles.command.ts';

/** Lists the profiles; the active one is determined from `go env`. */
export async function profilesCommand({ json }: ProfilesArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core, settings, go } = await openStores(io, clock);
  const state = await go.read();
  const all = await withGateway(settings.profiles, state, core);
  const active = state.state === 'found' ? activeProfile(all, state) : null;
  if (json === true) {
    const profiles = all.map((profile) => ({ ...profile, active: profile === active }));
    io.out(`${JSON.stringify({ schema: 1, ...redactDeep({ go: state, profiles }) }, null, 2)}\n`);
    return state.state === 'found' ? EXIT.ok : EXIT.finding;
  }
  const width = Math.max(...all.map(({ id }) => textWidth(id)));
  for (const profile of all) {
    const mark = profile === active ? io.style('green', '●') : '○';
    io.out(`${mark} ${pad(profile.id, width)}  ${io.style('bold', inLanguage(profile.name, io.language))}\n`);
    io.out(`  ${' '.repeat(width)}  ${redactUrls(profile.variables.GOPROXY ?? '—')}\n`);
    const explanation = inLanguage(profile.explanation, io.language);
    if (explanation !== '') io.out(`  ${' '.repeat(width)}  ${io.style('dim', explanation)}\n`);
  }
  io.out(`\n${goLine(state, active, io)}\n`);
  return state.state === 'found' ? EXIT.ok : EXIT.finding;
}

/** Applies a profile by id, name in either language, or a prefix that only one has. */
export async function useCommand({ name, allowProgram }: UseArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core, settings, go } = await openStores(io, clock);
  await go.recover();
  const before = await go.read();
  const profiles = await withGateway(settings.profiles, before, core);
  const profile = findProfile(profiles, name, io);
  const from = before.state === 'found' ? (activeProfile(profiles, before)?.id ?? null) : null;
  const program = go.unallowedProgram(profile);
  if (allowProgram === true && program !== null) {
    const allowed = await core.file.allowProgram(program);
    if (!allowed.ok) return refuse(io, problemText(io.t, allowed.problem));
  }
  const plan = await go.plan(profile);
  // A running engine switches itself, so that it shows and records it at once. It may not have read yet what was just
  // allowed, and may not know the profile of a gateway that it does not run.
  const asked = allowProgram === true ? null : await askEngine({ do: 'use', profile: profile.id }, io);
  const answered = asked?.ok === false && asked.problem.key === 'no-such-profile' ? null : asked;
  const done = answered ?? (await go.apply(profile, from));
  if (!done.ok) return refuse(io, problemText(io.t, done.problem));
  if (answered === null) await recordEvent('switched', profile.id, core, io);
  io.out(`${io.style('green', '✓')} ${io.t('cli.switched', { profile: inLanguage(profile.name, io.language) })}\n`);
  if (plan.ok) for (const one of plan.value.commands) io.out(`  ${io.style('dim', commandLine(one))}\n`);
  if (plan.ok && plan.value.leftOut.length > 0) {
    io.out(`  ${io.t('cli.diff-left-out', { variables: plan.value.leftOut.join(', ') })}\n`);
  }
  io.out(changes(before, await go.read(), io));
  io.out(`  ${io.t('cli.undo-hint')}\n`);
  return EXIT.ok;
}

/** Undoes the last switches, at most all of them. */
export async function undoCommand({ steps = 1 }: UndoArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core, go } = await openStores(io, clock);
  await go.recover();
  const before = await go.read();
  const switches = await go.undoable();
  if (!switches.ok) return refuse(io, problemText(io.t, switches.problem));
  const last = switches.value[Math.min(Math.floor(steps), switches.value.length) - 1];
  const answered = last === undefined ? null : await askEngine({ do: 'undo', until: last.switchId }, io);
  const done: Outcome<unknown> = answered ?? (await go.undo(last?.switchId));
  if (!done.ok) return refuse(io, problemText(io.t, done.problem));
  if (answered === null) await recordEvent('undone', last?.to ?? '', core, io);
  const how = done.value === 'by-key' ? problemText(io.t, { key: 'undone-by-key' }) : io.t('cli.undone');
  io.out(`${io.style('green', '✓')} ${how}\n${changes(before, await go.read(), io)}`);
  return EXIT.ok;
}

/** The event that the app records for the same action. The action is done, so a failing history is only reported. */
async function recordEvent(kind: HistoryEvent['kind'], detail: string, core: Core, io: CliIo): Promise<void> {
  try {
    const { store } = await core.history();
    await store.recordEvent({ at: core.clock.now(), kind, detail });
    await store.close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reportProblem(io, { key: 'history-write-failed', params: { detail: reason } });
  }
}

function goLine(state: GoState, active: Profile | null, { t, language }: CliIo): string {
  if (state.state === 'detecting') return '';
  if (state.state !== 'found') return problemText(t, state.problem);
  const name =
    active === null
      ? t('cli.by-hand', { value: redactUrls(state.effective.GOPROXY ?? '') })
      : inLanguage(active.name, language);
  return t('cli.in-force', { name, version: state.version, path: state.path });
}

/** `GOPROXY  before → after`, for what changed. */
function changes(before: GoState, after: GoState, io: CliIo): string {
  if (before.state !== 'found' || after.state !== 'found') return '';
  return PROFILE_VARIABLES.filter((name) => before.effective[name] !== after.effective[name])
    .map(
      (name) =>
        `  ${name}  ${redactUrls(before.effective[name] ?? '') || io.t('cli.diff-default')} → ${io.style('bold', redactUrls(after.effective[name] ?? '') || io.t('cli.diff-default'))}\n`,
    )
    .join('');
}

function refuse(io: CliIo, words: string): ExitCode {
  reportError(io, words);
  return EXIT.finding;
}

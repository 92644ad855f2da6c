/** `gopherbar init ci TARGET`: a commented fragment for a pipeline, with the settings that are in force here. */
import { PROFILE_VARIABLES } from '../../../shared/domain/profile.ts';
import { hideSecrets } from '../../../shared/domain/secrets.ts';
import { FRAGMENTS, fragment } from '../../ci/fragments.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';
import type { InitCiArguments } from './init-ci.command.ts';

/** What a pipeline needs of the settings; GOAUTH, GOVCS and the toolchain are the pipeline's own. */
const WANTED = new Set<string>(['GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GONOSUMDB']);

/** Prints to standard output, so that nothing is overwritten. Without a working `go` the fragment has Go's defaults. */
export async function initCiCommand({ target }: InitCiArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const name = FRAGMENTS.find((one) => one === target);
  if (name === undefined) throw new UsageError(io.t('init.unknown', { name: target, known: FRAGMENTS.join(', ') }));
  const { go } = await openStores(io, clock);
  const state = await go.read();
  const set = state.state === 'found' ? state.set.filter((one) => WANTED.has(one)) : [];
  const values = PROFILE_VARIABLES.filter((one) => set.includes(one)).map(
    (one) => [one, state.state === 'found' ? (state.effective[one] ?? '') : ''] as const,
  );
  const safe = values.filter(([, value]) => hideSecrets(value) === value && !isHere(value));
  io.out(
    fragment(name, {
      variables: safe,
      version: VERSION,
      say: (key) => io.t(`init.${key}`, { target: name }),
      hasSecrets: values.some(([, value]) => hideSecrets(value) !== value),
    }),
  );
  return EXIT.ok;
}

/** The gateway of this computer is not there in a pipeline. */
function isHere(value: string): boolean {
  return /\/\/(?:127\.|localhost\b|\[::1\])/.test(value);
}

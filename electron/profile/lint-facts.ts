/** The input of every lint rule. */
import type { GitSetting } from '../../shared/domain/git-setting.ts';
import type { GoVariables } from '../../shared/domain/profile.ts';
import type { ViewOf } from '../verdict/walk.ts';
import type { GoLineFacts } from './preflight/go-line.ts';

/** Facts to lint: the settings in effect (or those of a profile), measurements, and the current project. */
export interface LintFacts {
  /** Go's variables as they are in effect, or as a profile would set them. */
  readonly variables: GoVariables;
  readonly goflags: string;
  readonly git: readonly GitSetting[];
  /** What was measured of an entry. */
  readonly viewOf: ViewOf;
  /** Share of an entry's probes that succeeded over 24 h, 0…1; null = not known. */
  readonly uptimeOf: (url: string) => number | null;
  /** Forward proxies that the environment names; `alive` null = not checked. */
  readonly proxies: readonly { readonly name: string; readonly value: string; readonly alive: boolean | null }[];
  /** Hosts of the project's modules that are private: their names have no public address. */
  readonly privateHosts: readonly string[];
  /** The `go` and `toolchain` lines of the current project, and the `go` that reads them; null = no project. */
  readonly goLines: Omit<GoLineFacts, 'setting'> | null;
}

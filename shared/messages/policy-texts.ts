/** Texts of a policy layer. */
import type { LayerFinding } from '../domain/policy.ts';
import type { Translate } from './messages.ts';

/** The state of a layer, with who it is about. */
export function layerText(t: Translate, { layer, state, detail }: LayerFinding): string {
  const said = state === 'no-part' ? t(`policy.no-part-${layer}` as 'policy.no-part-tcc') : t(`policy.state-${state}`);
  return detail === '' ? said : `${said} · ${detail}`;
}

/** A packet's path out of this Mac, layer by layer; what comes after the layer that blocks it is dimmed. */
import type { LayerFinding, PolicyPath } from '../../../shared/domain/policy.ts';
import { layerText } from '../../../shared/messages/policy-texts.ts';
import { StepShape, type StepState } from '../../common/shapes.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

const MARKS: Readonly<Record<LayerFinding['state'], readonly [StepState, string]>> = {
  passes: ['passed', 'good'],
  blocks: ['failed', 'bad'],
  present: ['warned', 'warn'],
  unknown: ['warned', 'warn'],
  'no-part': ['skipped', 'dim'],
};

export function PathPanel({ path: { endpoint, address, port, layers } }: { readonly path: PolicyPath }) {
  const t = useSnapshot((state) => state.t);
  const stop = layers.findIndex(({ state }) => state === 'blocks');
  return (
    <section className="panel" data-testid={`path-${endpoint}`}>
      <h2>
        {endpoint}:{port} <small className="dim mono">{address ?? ''}</small>
      </h2>
      <ol className="way">
        {layers.map((one, i) => {
          const [step, tone] = MARKS[one.state];
          const isBeyond = stop >= 0 && i > stop && one.state !== 'no-part';
          return (
            <li key={one.layer} className={isBeyond ? 'beyond' : ''} data-state={one.state}>
              <StepShape step={step} />
              <b>{t(`policy.layer-${one.layer}`)}</b>
              <span className={tone}>{layerText(t, one)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

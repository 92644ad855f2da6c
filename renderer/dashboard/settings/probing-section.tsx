/** How often is probed, what counts as down or slow, what probes may use, and which modules are compared. */
import type { SettingsPatch } from '../../../shared/contract/settings-change.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { LIMIT_PHASES, LIMIT_SIDES } from './endpoint-form.ts';
import { NumberRow, TextList } from './fields.tsx';
import { useSettings } from './use-settings.ts';

const MODULE_PATH = /^[A-Za-z0-9][A-Za-z0-9./_~-]{0,250}$/;
const MEGABYTE = 1_000_000;

export function ProbingSection() {
  const t = useSnapshot((state) => state.t);
  const values = useSettings(({ view }) => view?.values);
  const change = useSettings((state) => state.change);
  if (values === undefined) return null;
  const { intervals = {}, thresholds = {}, bytesPerDay = {}, watchedModules = [] } = values;
  const put = (patch: SettingsPatch) => void change(patch);
  return (
    <>
      <h3>{t('settings.intervals')}</h3>
      <div className="list">
        {(['visibleMs', 'hiddenMs'] as const).map((key) => (
          <NumberRow
            key={key}
            label={t(`settings.interval-${key}`)}
            testId={`interval-${key}`}
            field={`intervals.${key}`}
            value={intervals[key] ?? null}
            unit={1_000}
            min={1}
            max={86_400}
            onSave={(value) => put({ intervals: { ...intervals, [key]: value } })}
          />
        ))}
      </div>
      <h3>{t('settings.thresholds')}</h3>
      <div className="list">
        {(['failuresToDown', 'successesToUp'] as const).map((key) => (
          <NumberRow
            key={key}
            label={t(`settings.threshold-${key}`)}
            testId={`threshold-${key}`}
            field={`thresholds.${key}`}
            value={thresholds[key] ?? null}
            min={1}
            max={20}
            onSave={(value) => put({ thresholds: { ...thresholds, [key]: value } })}
          />
        ))}
      </div>
      <Limits />
      <h3>{t('settings.bytes')}</h3>
      <div className="list">
        {(['usual', 'metered'] as const).map((key) => (
          <NumberRow
            key={key}
            label={t(`settings.bytes-${key}`)}
            hint={t('settings.bytes-hint')}
            testId={`bytes-${key}`}
            field={`bytesPerDay.${key}`}
            placeholder={t('settings.costs-no-limit')}
            value={bytesPerDay[key] ?? null}
            unit={MEGABYTE}
            min={0.1}
            max={1_000_000}
            onEmpty={() => put({ bytesPerDay: { ...bytesPerDay, [key]: null } })}
            onSave={(value) => put({ bytesPerDay: { ...bytesPerDay, [key]: value } })}
          />
        ))}
      </div>
      <TextList
        label={t('settings.watched')}
        hint={t('settings.watched-hint')}
        items={watchedModules}
        placeholder="golang.org/x/net"
        testId="watched"
        field="watchedModules"
        faultOf={(text) => (MODULE_PATH.test(text) ? null : t('settings.fault-module-path'))}
        onChange={(items, removed) =>
          void change({ watchedModules: [...items] }, removed === null ? undefined : { kind: 'removed', name: removed })
        }
      />
    </>
  );
}

/** Beyond a soft limit a probe is slow, beyond a hard one it failed. */
function Limits() {
  const t = useSnapshot((state) => state.t);
  const limits = useSettings(({ view }) => view?.values.limits) ?? {};
  const change = useSettings((state) => state.change);
  return (
    <>
      {LIMIT_SIDES.map((side) => (
        <section key={side} className="section">
          <h3>{t(`settings.limits-${side}-title`)}</h3>
          <div className="list">
            {LIMIT_PHASES.map((phase) => (
              <NumberRow
                key={phase}
                label={t(`settings.limit-${phase}`)}
                testId={`limit-${side}-${phase}`}
                field={`limits.${side}.${phase}`}
                value={limits[side]?.[phase] ?? null}
                unit={1_000}
                min={0.01}
                max={300}
                onSave={(value) => void change({ limits: { ...limits, [side]: { ...limits[side], [phase]: value } } })}
              />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

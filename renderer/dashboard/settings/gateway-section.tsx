/** How the gateway runs: port, upstreams, cache, who is let in. */
import { MAX_COOLDOWN_DAYS } from '../../../shared/domain/gateway.ts';
import { isModuleGlob } from '../../../shared/domain/module-patterns.ts';
import { SwitchRow } from '../../common/setting-rows.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { NumberRow, TextList } from './fields.tsx';
import { useSettings } from './use-settings.ts';

const GIGABYTE = 1_000_000_000;
const UPSTREAM = /^https?:\/\/[^\s/]+/;

export function GatewaySection() {
  const t = useSnapshot((state) => state.t);
  const gateway = useSettings(({ view }) => view?.values.gateway);
  const change = useSettings((state) => state.change);
  const goTo = useDashboard((state) => state.goTo);
  if (gateway === undefined) return null;
  const set = (part: Partial<typeof gateway>) => void change({ gateway: { ...gateway, ...part } });
  const without = (field: 'cooldownDays' | 'cooldownExcept' | 'port' | 'upstreams') => {
    const { [field]: _, ...others } = gateway;
    void change({ gateway: others });
  };
  return (
    <>
      <div className="list">
        <SwitchRow
          label={t('settings.gateway-on')}
          hint={t('settings.gateway-on-hint')}
          testId="gateway-on"
          field="gateway.enabled"
          checked={gateway.enabled === true}
          onChange={(enabled) => set({ enabled })}
        >
          <button type="button" className="button" onClick={() => goTo('gateway')}>
            {t('settings.gateway-open')}
          </button>
        </SwitchRow>
        <NumberRow
          label={t('settings.gateway-port')}
          hint={t('settings.gateway-port-hint')}
          value={gateway.port ?? null}
          placeholder={t('settings.gateway-port-auto')}
          min={1_024}
          max={65_535}
          testId="gateway-port"
          field="gateway.port"
          onEmpty={() => without('port')}
          onSave={(port) => set({ port })}
        />
        <NumberRow
          label={t('settings.gateway-cache-size')}
          hint={t('settings.gateway-cache-size-hint')}
          value={gateway.cacheBytes ?? null}
          min={0.1}
          max={1_000}
          unit={GIGABYTE}
          testId="gateway-cache-size"
          field="gateway.cacheBytes"
          onSave={(cacheBytes) => set({ cacheBytes })}
        />
        <NumberRow
          label={t('settings.gateway-cooldown')}
          hint={t('settings.gateway-cooldown-hint')}
          value={gateway.cooldownDays || null}
          placeholder={t('settings.gateway-cooldown-off')}
          min={1}
          max={MAX_COOLDOWN_DAYS}
          testId="gateway-cooldown"
          field="gateway.cooldownDays"
          onEmpty={() => without('cooldownDays')}
          onSave={(cooldownDays) => set({ cooldownDays })}
        />
        <SwitchRow
          label={t('settings.gateway-containers')}
          hint={t('settings.gateway-containers-hint')}
          testId="gateway-containers"
          field="gateway.containers"
          checked={gateway.containers === true}
          onChange={(containers) => set({ containers })}
        />
        <SwitchRow
          label={t('settings.gateway-unverified')}
          hint={t('settings.gateway-unverified-hint')}
          testId="gateway-unverified"
          field="gateway.allowUnverified"
          checked={gateway.allowUnverified === true}
          onChange={(allowUnverified) => set({ allowUnverified })}
        />
      </div>
      <TextList
        label={t('settings.gateway-upstreams')}
        hint={t('settings.gateway-upstreams-hint')}
        items={gateway.upstreams ?? []}
        placeholder="https://goproxy.cn"
        testId="gateway-upstreams"
        field="gateway.upstreams"
        faultOf={(text) => (UPSTREAM.test(text) ? null : t('settings.fault-gateway-url'))}
        onChange={(items, removed) => {
          const notice = removed === null ? undefined : ({ kind: 'removed', name: removed } as const);
          if (items.length === 0) without('upstreams');
          else void change({ gateway: { ...gateway, upstreams: [...items] } }, notice);
        }}
      />
      {(gateway.cooldownDays ?? 0) > 0 && (
        <TextList
          label={t('settings.gateway-except')}
          hint={t('settings.gateway-except-hint')}
          items={gateway.cooldownExcept ?? []}
          placeholder="example.com/team/*"
          testId="gateway-except"
          field="gateway.cooldownExcept"
          faultOf={(text) => (isModuleGlob(text) ? null : t('settings.fault-gateway-pattern'))}
          onChange={(items, removed) => {
            const notice = removed === null ? undefined : ({ kind: 'removed', name: removed } as const);
            if (items.length === 0) without('cooldownExcept');
            else void change({ gateway: { ...gateway, cooldownExcept: [...items] } }, notice);
          }}
        />
      )}
    </>
  );
}

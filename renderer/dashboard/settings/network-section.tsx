/** Resolvers, extra certificates and the networks that were named. */

import { Managed } from '../../common/managed.tsx';
import { NetworkSettings } from '../../common/network-settings.tsx';
import { SwitchRow } from '../../common/setting-rows.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { TextList, TextRow } from './fields.tsx';
import { useSettings } from './use-settings.ts';

const RESOLVER = /^(?:\[?[0-9a-fA-F.:]+\]?:\d{1,5}|https:\/\/[^\s/?#@]+(?:\/[^\s#@]*)?)$/;
const DOCTOR_RESOLVER = /^(?:udp|tcp|tls|https):\/\/[^\s/]+/;

export function NetworkSection() {
  const t = useSnapshot((state) => state.t);
  const values = useSettings(({ view }) => view?.values);
  const change = useSettings((state) => state.change);
  if (values === undefined) return null;
  const { network = {}, doctor = {} } = values;
  return (
    <>
      <div className="list">
        <TextRow
          label={t('settings.resolver')}
          hint={t('settings.resolver-hint')}
          value={network.resolver ?? ''}
          placeholder={t('settings.resolver-system')}
          testId="resolver"
          field="network.resolver"
          faultOf={(text) => (text === '' || RESOLVER.test(text) ? null : t('settings.fault-resolver'))}
          onSave={(text) => {
            const { resolver: _, ...others } = network;
            void change({ network: text === '' ? others : { ...others, resolver: text } });
          }}
        />
      </div>
      <TextList
        label={t('settings.doctor-resolvers')}
        hint={t('settings.doctor-resolvers-hint')}
        items={doctor.resolvers ?? []}
        placeholder="udp://223.5.5.5"
        testId="doctor-resolvers"
        field="doctor.resolvers"
        faultOf={(text) => (DOCTOR_RESOLVER.test(text) ? null : t('settings.fault-doctor-resolver'))}
        onChange={(items, removed) =>
          void change(
            { doctor: { ...doctor, resolvers: [...items] } },
            removed === null ? undefined : { kind: 'removed', name: removed },
          )
        }
      />
      <div className="list">
        <SwitchRow
          label={t('settings.status-feeds')}
          hint={t('settings.status-feeds-hint')}
          checked={doctor.statusFeeds === true}
          field="doctor.statusFeeds"
          testId="status-feeds"
          onChange={(statusFeeds) => void change({ doctor: { ...doctor, statusFeeds } })}
        />
      </div>
      <Certificates />
      <NetworkSettings />
      <KnownNetworks />
    </>
  );
}

function Certificates() {
  const t = useSnapshot((state) => state.t);
  const trust = useSettings(({ view }) => view?.values.trust) ?? {};
  const { change, choose } = useSettings((state) => state);
  const entries = trust.extraCa ?? [];
  return (
    <Managed field="trust.extraCa">
      <section className="section" data-testid="certificates">
        <h3>{t('settings.extra-ca')}</h3>
        <p className="note">{t('settings.extra-ca-hint')}</p>
        <div className="list">
          {entries.map((entry) => (
            <div key={entry} className="setting">
              <span className="mono wrap">{entry.includes('-----BEGIN') ? t('settings.extra-ca-text') : entry}</span>
              <button
                type="button"
                className="button"
                aria-label={t('settings.remove-named', { name: entry.slice(0, 60) })}
                onClick={() =>
                  void change(
                    { trust: { ...trust, extraCa: entries.filter((one) => one !== entry) } },
                    { kind: 'removed', name: t('settings.extra-ca') },
                  )
                }
              >
                {t('settings.remove')}
              </button>
            </div>
          ))}
          <div className="setting">
            <span className="dim">{entries.length === 0 ? t('settings.extra-ca-none') : ''}</span>
            <button type="button" className="button" data-testid="choose-ca" onClick={() => void choose('ca')}>
              {t('settings.extra-ca-add')}
            </button>
          </div>
        </div>
      </section>
    </Managed>
  );
}

/** Networks other than the present one. */
function KnownNetworks() {
  const t = useSnapshot((state) => state.t);
  const present = useSnapshot((state) => state.snapshot.network?.id);
  const networks = useSettings(({ view }) => view?.values.networks) ?? [];
  const change = useSettings((state) => state.change);
  const others = networks.filter(({ id }) => id !== present);
  if (others.length === 0) return null;
  const put = (id: string, part: { name?: string; metered?: boolean }) =>
    void change({ networks: networks.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  return (
    <section className="section">
      <h3>{t('settings.networks-other')}</h3>
      {others.map(({ id, name = '', metered = false }) => (
        <div key={id} className="list">
          <TextRow
            label={t('settings.network-name')}
            hint={id}
            value={name}
            testId={`network-${id}`}
            faultOf={(text) => (text.length <= 60 ? null : t('settings.fault-name'))}
            onSave={(text) => put(id, { name: text })}
          />
          <label className="setting">
            {t('settings.network-metered')}
            <input
              type="checkbox"
              role="switch"
              aria-checked={metered}
              checked={metered}
              onChange={(event) => put(id, { metered: event.target.checked })}
            />
          </label>
          <div className="setting">
            <span className="dim">{t('settings.network-forget-hint')}</span>
            <button
              type="button"
              className="button"
              onClick={() =>
                void change(
                  { networks: networks.filter((one) => one.id !== id) },
                  { kind: 'removed', name: name || id },
                )
              }
            >
              {t('settings.remove')}
            </button>
          </div>
        </div>
      ))}
    </section>
  );
}

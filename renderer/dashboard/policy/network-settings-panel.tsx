/** What macOS itself is set to: resolvers, proxies, VPNs, extensions, and who signed `go`. */
import type { PolicyReading } from '../../../shared/domain/policy.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function NetworkSettingsPanel({ reading }: { readonly reading: PolicyReading }) {
  const { resolvers, setByHand, proxies, vpns, extensions, goSignedBy } = reading;
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const rows = [
    ['resolvers', resolvers],
    ['set-by-hand', setByHand],
    ['proxies', proxies],
    ['vpns', vpns],
    ['extensions', extensions],
    ['go-signed-by', goSignedBy === null ? [] : [goSignedBy]],
  ] as const;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('policy.settings')}</h2>
        <button type="button" className="button" onClick={() => void send('policy.flush-dns', null)}>
          {t('policy.flush')}
        </button>
      </div>
      <table className="truth">
        <tbody>
          {rows.map(([name, values]) => (
            <tr key={name}>
              <th scope="row">{t(`policy.${name}`)}</th>
              <td className="mono wrap">{values.length === 0 ? t('policy.none') : values.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Every host that is contacted, and why: asked for when the settings are opened. */
import { useEffect, useState } from 'react';
import type { Contact } from '../../shared/domain/contact.ts';
import { useSnapshot } from './use-snapshot.ts';

export function Contacts() {
  const t = useSnapshot((state) => state.t);
  const query = useSnapshot((state) => state.query);
  const [contacts, setContacts] = useState<readonly Contact[]>([]);
  useEffect(() => {
    void query('contacts.get', null).then((answer) => setContacts(answer ?? []));
  }, [query]);
  return (
    <section className="section">
      <h2>
        <span>{t('settings.hosts')}</span>
      </h2>
      <div className="list" data-testid="contacts">
        {contacts.map(({ host, reason }) => (
          <div key={`${host} ${reason}`} className="host">
            {host}
            <small>{t(`settings.host-${reason}`)}</small>
          </div>
        ))}
      </div>
      <p className="note">{t('settings.none-else')}</p>
    </section>
  );
}

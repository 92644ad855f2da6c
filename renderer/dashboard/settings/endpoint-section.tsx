/** The endpoints: state, order, test, edit, remove with a way back. */
import { useEffect, useState } from 'react';
import type { EndpointEntry } from '../../../shared/contract/settings-schema.ts';
import { displayName } from '../../../shared/domain/goproxy-list.ts';
import type { EndpointState } from '../../../shared/domain/snapshot.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import { causeShort, type Translate } from '../../../shared/messages/messages.ts';
import { EmptyState } from '../../common/empty-state.tsx';
import { ManagedMark, useManaged } from '../../common/managed.tsx';
import { StatusShape } from '../../common/shapes.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { useSettings } from './use-settings.ts';

export function EndpointSection() {
  const t = useSnapshot((state) => state.t);
  const entries = useSettings(({ view }) => view?.values.endpoints) ?? [];
  const change = useSettings((state) => state.change);
  const isManaged = useManaged('endpoints');
  /** A place in the list; -1 = a new endpoint; null = no dialog. */
  const { addingEndpoint, endpointDialogOpened } = useDashboard((state) => state);
  const [edited, setEdited] = useState<number | null>(addingEndpoint && !isManaged ? -1 : null);
  useEffect(endpointDialogOpened, [endpointDialogOpened]);
  const put = async (endpoints: readonly EndpointEntry[]) => (await change({ endpoints: [...endpoints] })).ok;
  const save = (entry: EndpointEntry) =>
    put(edited === null || edited < 0 ? [...entries, entry] : entries.map((one, i) => (i === edited ? entry : one)));
  const remove = (at: number) =>
    void change(
      { endpoints: entries.filter((_, i) => i !== at) },
      { kind: 'removed', name: nameOf(entries[at] ?? { url: '' }) },
    );
  return (
    <>
      <div className="list" data-testid="endpoint-settings">
        {entries.length === 0 && isManaged && <p className="empty">{t('settings.endpoints-none')}</p>}
        {entries.length === 0 && !isManaged && (
          <EmptyState
            text={t('settings.endpoints-none')}
            action={t('settings.endpoint-add')}
            testId="endpoint-add"
            onAct={() => setEdited(-1)}
          />
        )}
        {entries.map((entry, at) => (
          <EndpointRow
            key={`${entry.id ?? ''} ${entry.kind ?? ''} ${entry.url}`}
            entry={entry}
            at={at}
            isLast={at === entries.length - 1}
            isManaged={isManaged}
            onEdit={() => setEdited(at)}
            onRemove={() => remove(at)}
            onMove={(to) => void put(moved(entries, at, to))}
          />
        ))}
      </div>
      {isManaged && <ManagedMark />}
      {entries.length > 0 && !isManaged && (
        <div className="actions">
          <button type="button" className="button primary" data-testid="endpoint-add" onClick={() => setEdited(-1)}>
            {t('settings.endpoint-add')}
          </button>
        </div>
      )}
      {edited !== null && (
        <EndpointDialog entry={entries[edited] ?? null} onSave={save} onClose={() => setEdited(null)} />
      )}
    </>
  );
}

interface RowProps {
  readonly entry: EndpointEntry;
  readonly at: number;
  readonly isLast: boolean;
  /** It can be tested, not changed. */
  readonly isManaged: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  readonly onMove: (to: number) => void;
}

function EndpointRow({ entry, at, isLast, isManaged, onEdit, onRemove, onMove }: RowProps) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const id = useSettings(({ view }) => view?.endpointIds[at]);
  const state = useSnapshot(({ snapshot }) => snapshot.endpoints.find(({ endpoint }) => endpoint.id === id));
  const name = nameOf(entry);
  const shape = state?.reason ?? state?.status ?? 'unknown';
  return (
    <div className="setting endpoint-row" data-testid={`endpoint-row-${id}`}>
      <StatusShape shape={shape} />
      <span className="endpoint-words">
        <b className="clip">{name}</b>
        <small className="clip">
          {t(`settings.kind-${entry.kind ?? 'goproxy'}`)} · {entry.url}
        </small>
        {state !== undefined && <small data-testid={`endpoint-state-${id}`}>{stateText(state, t)}</small>}
      </span>
      <span className="controls">
        <button
          type="button"
          className="button"
          disabled={id === undefined || state?.probing === true}
          aria-label={t('settings.test-named', { name })}
          onClick={() => void send('probe.now', { endpointId: id ?? null })}
        >
          {t('settings.test-now')}
        </button>
        <button
          type="button"
          className="button"
          disabled={isManaged}
          aria-label={t('settings.edit-named', { name })}
          data-testid={`endpoint-edit-${id}`}
          onClick={onEdit}
        >
          {t('settings.edit')}
        </button>
        <button
          type="button"
          className="button"
          disabled={isManaged || at === 0}
          aria-label={t('settings.up-named', { name })}
          onClick={() => onMove(at - 1)}
        >
          ↑
        </button>
        <button
          type="button"
          className="button"
          disabled={isManaged || isLast}
          aria-label={t('settings.down-named', { name })}
          onClick={() => onMove(at + 1)}
        >
          ↓
        </button>
        <button
          type="button"
          className="button"
          disabled={isManaged}
          aria-label={t('settings.remove-named', { name })}
          data-testid={`endpoint-remove-${id}`}
          onClick={onRemove}
        >
          {t('settings.remove')}
        </button>
      </span>
    </div>
  );
}

function stateText({ reason, status, cause, lastSample }: EndpointState, t: Translate): string {
  const word = t(`status.${reason ?? status}`);
  if (status === 'down' && cause !== null) return `${word} · ${causeShort(t, cause)}`;
  if (lastSample === null || lastSample.outcome === 'failed') return word;
  return `${word} · ${formatLatency(lastSample.totalMs)}`;
}

function nameOf({ name, url }: EndpointEntry): string {
  return name ?? (url.startsWith('module://') ? url.slice('module://'.length) : displayName(url));
}

/** The list with one entry at another place. */
function moved(entries: readonly EndpointEntry[], from: number, to: number): readonly EndpointEntry[] {
  const rest = entries.filter((_, i) => i !== from);
  return [...rest.slice(0, to), ...entries.slice(from, from + 1), ...rest.slice(to)];
}

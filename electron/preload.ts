/**
 * Runs sandboxed beside the page and gives it the contract, nothing else. It imports types and constants only: the
 * schemas are checked by the main process, which trusts no window.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { BroadcastName, BroadcastPayload, GopherbarApi } from '../shared/contract/channels.ts';
import { BROADCAST_CHANNEL, LANGUAGES_ARGUMENT, REQUEST_CHANNEL } from '../shared/contract/wire.ts';

type Listener = (payload: unknown) => void;

const listeners: Record<BroadcastName, Set<Listener>> = {
  'snapshot.changed': new Set(),
  'doctor.changed': new Set(),
  'traffic.changed': new Set(),
  'gateway.changed': new Set(),
  'updates.changed': new Set(),
  'dashboard.show': new Set(),
  'view.show': new Set(),
};

/** The newest broadcast without a listener yet: a view may be asked for before the page's code runs. */
const unheard = new Map<BroadcastName, unknown>();

ipcRenderer.on(BROADCAST_CHANNEL, (_event, name: BroadcastName, payload: unknown) => {
  const heard = listeners[name];
  if (heard.size === 0) unheard.set(name, payload);
  for (const listener of heard) listener(payload);
});

const api: GopherbarApi = {
  request: (name, input) => ipcRenderer.invoke(REQUEST_CHANNEL, name, input),
  on(name, listener) {
    const heard = listeners[name];
    const own: Listener = (payload) => listener(payload as BroadcastPayload<typeof name>);
    heard.add(own);
    if (unheard.has(name)) {
      const payload = unheard.get(name);
      unheard.delete(name);
      own(payload);
    }
    return () => heard.delete(own);
  },
  systemLanguages: (process.argv.find((argument) => argument.startsWith(LANGUAGES_ARGUMENT)) ?? LANGUAGES_ARGUMENT)
    .slice(LANGUAGES_ARGUMENT.length)
    .split(',')
    .filter((tag) => tag !== ''),
  platform: process.platform,
};

contextBridge.exposeInMainWorld('gopherbar', api);

/** The main side of the contract: handles requests of our own page and refuses all others. */
import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import { REQUEST_CHANNEL } from '../../shared/contract/wire.ts';
import type { Stop } from '../system/clock.ts';
import type { Log } from '../system/log.ts';
import { answer, type Handlers } from './answer.ts';

/** Whether a request comes from a page we trust. */
export type SenderCheck = (event: IpcMainInvokeEvent) => boolean;

/** Answers requests until stopped. */
export function openBridge(handlers: Handlers, isOurs: SenderCheck, log: Log): Stop {
  ipcMain.handle(REQUEST_CHANNEL, async (event, name: unknown, input: unknown) => {
    if (!isOurs(event)) {
      log.warn('request of an unknown sender refused', { url: event.senderFrame?.url.slice(0, 200) ?? null });
      throw new Error('refused');
    }
    return answer(handlers, name, input, log);
  });
  return () => ipcMain.removeHandler(REQUEST_CHANNEL);
}

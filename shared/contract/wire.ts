/**
 * Transport of the contract: the two Electron channels and the start argument of the preload.
 * Apart from channels.ts so that the preload stays free of the schema library.
 */

/** `ipcRenderer.invoke(REQUEST_CHANNEL, name, input)`. */
export const REQUEST_CHANNEL = 'gopherbar.request';

/** `webContents.send(BROADCAST_CHANNEL, name, payload)`. */
export const BROADCAST_CHANNEL = 'gopherbar.broadcast';

/** Command-line argument of the renderer process: the system's languages, best first, separated by commas. */
export const LANGUAGES_ARGUMENT = '--gopherbar-languages=';

/**
 * What no page of ours may do, whatever its content: navigate, open windows, get permissions, reach the network,
 * download. Source: https://www.electronjs.org/docs/latest/tutorial/security
 */
import { app, type Session } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';

/** Applies to every page of the app, including later windows. Call before the first window. */
export function hardenContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // Neither the content security policy nor webRequest covers WebRTC datagrams.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Denies every permission, download and address that is not a file of ours. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !details.url.startsWith(`${APP_ORIGIN}/`) });
  });
}

/** Desktop notifications: one for an outage, one for its end. A click opens the alert card. */
import { Notification } from 'electron';
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Log } from '../system/log.ts';
import type { NotificationText } from './notification-texts.ts';

export interface NotificationOptions {
  readonly log: Log;
  /** The user clicked. */
  onOpen(): void;
}

export class Notifications {
  readonly #options: NotificationOptions;
  /** Referenced until dismissed: a garbage-collected notification loses its click handler. */
  readonly #live = new Set<Notification>();
  /** The one about the current outage: removed when it is over. */
  #outage: Notification | null = null;

  constructor(options: NotificationOptions) {
    this.#options = options;
  }

  get supported(): boolean {
    return Notification.isSupported();
  }

  /** Shows an announcement; `onAction` runs when the user clicks the remedy's button (macOS). */
  announce(kind: Announcement['kind'], text: NotificationText, onAction: () => void): void {
    this.#outage?.close();
    this.#outage = null;
    const shown = this.show(text, onAction);
    if (kind !== 'recovery') this.#outage = shown;
  }

  show(text: NotificationText, onAction: () => void = () => {}): Notification | null {
    if (!this.supported) {
      this.#options.log.warn('no notification service', { title: text.title });
      return null;
    }
    const notification = new Notification({
      title: text.title,
      body: text.body,
      ...(text.action === null ? {} : { actions: [{ type: 'button' as const, text: text.action }] }),
    });
    this.#live.add(notification);
    notification.on('click', () => {
      this.#live.delete(notification);
      this.#options.onOpen();
    });
    notification.on('action', () => {
      this.#live.delete(notification);
      onAction();
    });
    notification.on('close', () => this.#live.delete(notification));
    notification.on('failed', (_event, error) => {
      this.#live.delete(notification);
      this.#options.log.warn('notification failed', { title: text.title, error });
    });
    notification.show();
    return notification;
  }

  close(): void {
    for (const notification of this.#live) notification.close();
    this.#live.clear();
  }
}

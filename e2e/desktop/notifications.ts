/** Stands in for the desktop's notification service: keeps what it is sent, and clicks when asked to. */
import dbus from 'dbus-next';

export interface ShownNotification {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

/** Desktop Notifications Specification 1.2, the part an app uses. */
class NotificationService extends dbus.interface.Interface {
  readonly shown: ShownNotification[] = [];
  readonly closed: number[] = [];

  constructor() {
    super('org.freedesktop.Notifications');
  }

  GetCapabilities(): string[] {
    return ['body', 'actions'];
  }

  GetServerInformation(): string[] {
    return ['stand-in', 'gopherbar-e2e', '1', '1.2'];
  }

  Notify(_app: string, _replaces: number, _icon: string, title: string, body: string): number {
    const id = this.shown.length + 1;
    this.shown.push({ id, title, body });
    return id;
  }

  CloseNotification(id: number): void {
    this.closed.push(id);
    this.NotificationClosed(id, 3);
  }

  NotificationClosed(id: number, reason: number): number[] {
    return [id, reason];
  }

  ActionInvoked(id: number, key: string): [number, string] {
    return [id, key];
  }
}

NotificationService.configureMembers({
  methods: {
    GetCapabilities: { inSignature: '', outSignature: 'as' },
    GetServerInformation: { inSignature: '', outSignature: 'ssss' },
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u', outSignature: '' },
  },
  signals: { NotificationClosed: { signature: 'uu' }, ActionInvoked: { signature: 'us' } },
});

export interface Notifications {
  /** Everything shown so far, oldest first. */
  readonly shown: readonly ShownNotification[];
  /** Ids the app took back. */
  readonly closed: readonly number[];
  /** The person clicks it. */
  click(id: number): void;
}

/** Takes the service's place on a bus; before the app starts. */
export async function ownNotifications(bus: dbus.MessageBus): Promise<Notifications> {
  const service = new NotificationService();
  bus.export('/org/freedesktop/Notifications', service);
  await bus.requestName('org.freedesktop.Notifications', 0);
  return { shown: service.shown, closed: service.closed, click: (id) => void service.ActionInvoked(id, 'default') };
}

/** Stands in for a panel with a tray: learns of the app's icon, reads it, clicks it, and works its menu. */
import { createHash } from 'node:crypto';
import dbus from 'dbus-next';
import { until } from '../until.ts';

const ITEM_PATH = '/StatusNotifierItem';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU_PATH = '/com/canonical/dbusmenu';
const MENU = 'com.canonical.dbusmenu';

/** The registry of tray icons. */
class Watcher extends dbus.interface.Interface {
  readonly items: string[] = [];

  constructor() {
    super('org.kde.StatusNotifierWatcher');
  }

  RegisterStatusNotifierItem(service: string): void {
    this.items.push(service);
  }

  get IsStatusNotifierHostRegistered(): boolean {
    return true;
  }
}

Watcher.configureMembers({
  methods: { RegisterStatusNotifierItem: { inSignature: 's', outSignature: '' } },
  properties: { IsStatusNotifierHostRegistered: { signature: 'b', access: 'read' } },
});

export interface MenuItem {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  /** For radio items. */
  readonly checked: boolean;
  readonly children: readonly MenuItem[];
}

/** The app's icon as a panel sees it. */
export interface TrayItem {
  /** Left click. */
  activate(): Promise<void>;
  tooltip(): Promise<string>;
  /** Fingerprint of the picture: equal for equal pictures. */
  picture(): Promise<string>;
  menu(): Promise<readonly MenuItem[]>;
  /** Chooses a menu item by its label, at any depth. */
  choose(label: string): Promise<void>;
}

export interface Tray {
  /** The icon of the app started last: each registered one is given once; waits for it. */
  item(): Promise<TrayItem>;
}

/** Takes the registry's place on a bus; before the app starts. */
export async function ownTray(bus: dbus.MessageBus): Promise<Tray> {
  const watcher = new Watcher();
  bus.export('/StatusNotifierWatcher', watcher);
  await bus.requestName('org.kde.StatusNotifierWatcher', 0);
  let given = 0;
  return {
    async item() {
      const service = await until('a tray icon', () => watcher.items[given]);
      given += 1;
      return trayItem(bus, service);
    },
  };
}

function trayItem(bus: dbus.MessageBus, destination: string): TrayItem {
  // Raw calls: Electron's objects describe themselves too thinly for proxies.
  const call = async (path: string, iface: string, member: string, signature: string, body: unknown[]) => {
    const reply = await bus.call(new dbus.Message({ destination, path, interface: iface, member, signature, body }));
    return reply?.body ?? [];
  };
  const property = async (name: string) => {
    const [variant] = await call(ITEM_PATH, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [ITEM, name]);
    return (variant as dbus.Variant).value as unknown;
  };
  const menu = async (): Promise<readonly MenuItem[]> => {
    const [, layout] = await call(MENU_PATH, MENU, 'GetLayout', 'iias', [0, -1, []]);
    return menuItem(layout as RawMenuItem).children;
  };
  return {
    activate: async () => void (await call(ITEM_PATH, ITEM, 'Activate', 'ii', [0, 0])),
    // ToolTip is (icon name, pictures, title, text); Electron fills the title.
    tooltip: async () => ((await property('ToolTip')) as [string, unknown, string, string])[2],
    picture: async () => {
      const pixels = (await property('IconPixmap')) as [number, number, Buffer][];
      return createHash('sha256')
        .update(pixels[0]?.[2] ?? Buffer.alloc(0))
        .digest('hex');
    },
    menu,
    async choose(label) {
      // A menu rebuilt between look and click has new ids, and refuses the old one: look again, as a hand would.
      await until(`the menu to take ${label}`, async () => {
        const item = flatten(await menu()).find((one) => one.label === label);
        if (item === undefined) throw new Error(`the tray's menu has no item ${label}`);
        const click = call(MENU_PATH, MENU, 'Event', 'isvu', [item.id, 'clicked', new dbus.Variant('i', 0), 0]);
        return click.then(
          () => true,
          () => false,
        );
      });
    },
  };
}

type RawMenuItem = [number, Record<string, dbus.Variant | undefined>, dbus.Variant[]];

function menuItem([id, properties, children]: RawMenuItem): MenuItem {
  return {
    id,
    // An underscore marks a mnemonic, two stand for one.
    label: String(properties.label?.value ?? '').replace(/_(.)/g, '$1'),
    enabled: properties.enabled?.value !== false,
    checked: properties['toggle-state']?.value === 1,
    children: children.map((child) => menuItem(child.value as RawMenuItem)),
  };
}

/** A menu and its submenus as one list. */
export function flatten(items: readonly MenuItem[]): readonly MenuItem[] {
  return items.flatMap((item) => [item, ...flatten(item.children)]);
}

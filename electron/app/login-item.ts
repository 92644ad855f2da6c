/** Start at login: a login item on macOS, an XDG autostart entry on a Linux desktop. */
import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../system/error-facts.ts';
import { type Env, writeFileAtomic } from '../system/files.ts';

export interface LoginItem {
  /** Whether the session starts the app now, whatever the settings say; null = not known. */
  get(): Promise<boolean | null>;
  /** Turns it on or off. Rejects with the system's error when a file cannot be written. */
  set(enabled: boolean): Promise<void>;
}

/** The part of Electron's app used on macOS. */
interface LoginSettings {
  getLoginItemSettings(): { readonly openAtLogin: boolean };
  setLoginItemSettings(settings: { openAtLogin: boolean }): void;
}

/** The login item of this platform; `executable` is what the session starts. */
export function loginItem(platform: NodeJS.Platform, app: LoginSettings, env: Env, executable: string): LoginItem {
  if (platform === 'darwin') {
    return {
      get: async () => app.getLoginItemSettings().openAtLogin,
      async set(enabled) {
        app.setLoginItemSettings({ openAtLogin: enabled });
      },
    };
  }
  return {
    get: () => hasAutostart(autostartFile(env)),
    set: (enabled) => setAutostart(autostartFile(env), enabled, executable),
  };
}

/** Freedesktop autostart specification: `$XDG_CONFIG_HOME/autostart/NAME.desktop`. */
function autostartFile(env: Env): string {
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(env.HOME ?? '/', '.config');
  return join(config, 'autostart', 'gopherbar.desktop');
}

/** An entry that the session ignores (`Hidden=true`) does not count. */
async function hasAutostart(file: string): Promise<boolean | null> {
  try {
    return !/^(?:Hidden=true|X-GNOME-Autostart-enabled=false)$/m.test(await readFile(file, 'utf8'));
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? false : null;
  }
}

async function setAutostart(file: string, enabled: boolean, executable: string): Promise<void> {
  if (!enabled) {
    await unlink(file).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    return;
  }
  // Desktop entry specification, the Exec key: quotes around, and these four characters escaped by a backslash.
  const command = `"${executable.replace(/(["`$\\])/g, '\\$1')}"`;
  const entry = ['[Desktop Entry]', 'Type=Application', 'Name=Gopherbar', `Exec=${command}`, 'Terminal=false', ''];
  await writeFileAtomic(file, entry.join('\n'), 0o644);
}

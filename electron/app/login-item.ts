/** Start at login: a login item on macOS, an XDG autostart entry on a Linux desktop. */
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../system/error-facts.ts';
import { type Env, writeFileAtomic } from '../system/files.ts';

export interface LoginItem {
  /** Turns it on or off. Rejects with the system's error when a file cannot be written. */
  set(enabled: boolean): Promise<void>;
}

/** The part of Electron's app used on macOS. */
interface LoginSettings {
  setLoginItemSettings(settings: { openAtLogin: boolean }): void;
}

/** The login item of this platform; `executable` is what the session starts. */
export function loginItem(platform: NodeJS.Platform, app: LoginSettings, env: Env, executable: string): LoginItem {
  if (platform === 'darwin') {
    return {
      async set(enabled) {
        app.setLoginItemSettings({ openAtLogin: enabled });
      },
    };
  }
  return { set: (enabled) => setAutostart(autostartFile(env), enabled, executable) };
}

/** Freedesktop autostart specification: `$XDG_CONFIG_HOME/autostart/NAME.desktop`. */
function autostartFile(env: Env): string {
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(env.HOME ?? '/', '.config');
  return join(config, 'autostart', 'gopherbar.desktop');
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

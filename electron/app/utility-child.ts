/** A process of Electron's own for Node code (electronjs.org/docs/latest/api/utility-process): it ends with the app. */
import { app, type UtilityProcess, utilityProcess } from 'electron';
import type { StartChild } from '../system/child-port.ts';

/** Starts the bundle `file` as soon as Electron is ready. `name` is shown by the system's process list. */
export function utilityStarter<To, From>(file: string, name: string): StartChild<To, From> {
  return (on) => {
    let child: UtilityProcess | null = null;
    let isKilled = false;
    const waiting: To[] = [];
    void app.whenReady().then(() => {
      if (isKilled) {
        on.exited(null);
        return;
      }
      const started = utilityProcess.fork(file, [], { serviceName: name, stdio: 'ignore' });
      child = started;
      started.on('message', (message: From) => on.message(message));
      started.on('exit', (code) => on.exited(code));
      for (const message of waiting) started.postMessage(message);
    });
    return {
      post(message) {
        if (child === null) waiting.push(message);
        else child.postMessage(message);
      },
      kill() {
        isKilled = true;
        child?.kill();
      },
    };
  };
}

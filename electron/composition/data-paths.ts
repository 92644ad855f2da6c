/** Where things lie in the data folder. */
import { join } from 'node:path';
import { controlPath } from '../control/control-socket.ts';

/** The files and folders of a data folder, by what they hold. */
export function dataPaths(folder: string) {
  return {
    settings: join(folder, 'settings.json'),
    history: join(folder, 'history.sqlite'),
    profile: join(folder, 'profile'),
    treeHeads: join(folder, 'tree-heads.json'),
    signedHeads: join(folder, 'signed-heads'),
    consultations: join(folder, 'consultations.json'),
    policy: join(folder, 'policy.json'),
    audit: join(folder, 'audit.json'),
    engineLock: join(folder, 'engine.lock'),
    control: controlPath(folder),
  } as const;
}

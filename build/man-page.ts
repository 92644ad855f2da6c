/** Writes docs/gopherbar.1, the manual page of the command line. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../electron/cli/commands/index.ts';
import { commandTree } from '../electron/cli/completion/tree.ts';
import { translator } from '../shared/messages/messages.ts';
import { manualPage } from './manual.ts';

const root = join(import.meta.dirname, '..');

/** Where it is kept. */
export const MAN_FILE = join(root, 'docs', 'gopherbar.1');

/** The page of this version, dated as the newest release in CHANGELOG.md. */
export function manPage(): string {
  const t = translator('en');
  const [, version = '', date = ''] =
    /^## (\d[\w.-]*) – (\d{4}-\d\d-\d\d)/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')) ?? [];
  const shown = new Date(`${date}T00:00:00Z`).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' });
  return manualPage(
    commandTree(
      COMMANDS.map(({ declaration }) => declaration),
      t,
    ),
    t,
    version,
    shown,
  );
}

if (process.argv[1] === import.meta.filename) writeFileSync(MAN_FILE, manPage());

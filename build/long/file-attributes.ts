/** Extended attributes of files, which Node cannot reach: through Python, where it is there. */
import { execFileSync } from 'node:child_process';

const SCRIPT = `
import os, sys
file = sys.argv[1]
if len(sys.argv) > 2: os.setxattr(file, sys.argv[2], sys.argv[3].encode())
for name in sorted(os.listxattr(file)): print(name, os.getxattr(file, name).hex())
`;

/** Whether attributes can be read and written here: on Linux with Python. */
export const hasAttributes = process.platform === 'linux' && isThere('python3');

/** Sets one attribute, such as `user.x`. Throws where there are none. */
export function setAttribute(file: string, name: string, value: string): void {
  execFileSync('python3', ['-c', SCRIPT, file, name, value]);
}

/** All attributes of a file, a line for each; links are followed. '' where they cannot be read. */
export function attributesOf(file: string): string {
  return hasAttributes ? execFileSync('python3', ['-c', SCRIPT, file], { encoding: 'utf8' }) : '';
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Lines of a terminal around an output that was copied with them. */
import { describeCommand } from './command-name.ts';

/** What ends a prompt: `$`, `%`, `#`, `>` and the signs of popular themes. */
const SIGN = /[$%#>❯➜λ»›▶✗\uE0B0](?=[ \u00A0])/gu;
const SUDO = /^(?:Password:|\[sudo\] password for .*:)\s*$/;
/** A prompt and a call are no longer than this. */
const MAX_LINE = 1_000;

/** Blanks the lines in which a shell shows a call of this command's tool, and sudo's question; other lines keep their numbers. */
export function withoutPrompts(text: string, command: string): string {
  const tool = describeCommand(command)?.tool;
  if (tool === undefined || (!text.includes(tool) && !/password/i.test(text))) return text;
  return text
    .split('\n')
    .map((line) => (SUDO.test(line) || isCallOf(line, tool) ? '' : line))
    .join('\n');
}

function isCallOf(line: string, tool: string): boolean {
  if (line.length > MAX_LINE || !line.includes(tool)) return false;
  // A prompt may hold several of these signs, and a folder's name: the call begins after one of them.
  const starts = [0, ...[...line.matchAll(SIGN)].map(({ index }) => index + 1)];
  return starts.some((start) => {
    const rest = line.slice(start).trimStart();
    // After the sign of some themes the folder comes first. Without a sign it may be a list that names the tool.
    const calls = start === 0 ? [rest] : [rest, rest.replace(/^\S+[ \u00A0]+/u, '')];
    return calls.some(
      // `pfctl: …` is what the program says.
      (one) => !one.startsWith(`${tool}:`) && describeCommand(one)?.tool === tool,
    );
  });
}

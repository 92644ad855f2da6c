/**
 * Of a long log the lines that may tell of a trouble, with what stands around them: most of a log is progress, and the
 * grammar reads it a hundred times slower than one search does. Pure, linear.
 */

/**
 * Words of every failure that the rules read, and of errors that they do not; wider than the rules on purpose: what it
 * passes over is never read. `\u` may hide a word. Lower case, without a flag for it: that is searched faster.
 */
const TELLING =
  /err(?:or|o\b|\b|no)|fa(?:il|ta)|fatal|panic|critical|kill|oom|denied|refus|reject|forbid|unauthori[sz]ed|unreachable|mismatch|modified|corrupt|abort|crash|can(?:not|'t|celed)|could ?n[o']t|unable|not (?:a(?:llowed|vailable| )|permitted|found|in |one|valid|trusted|recognized|using|defined|match)|no (?:such|space|route|required|go|matching|module|secure|buffer|child|verifiable|package|version)|too (?:many|large|old|long)|memory|(?:does|did|is|do|was|has) ?n[o']t|unsupported|ambiguous|un(?:recognized|known|defined|expected|resolved)|invalid|malformed|missing|misbehav|time(?:d )?-?out|deadline|time limit|exceed|exit(?:ed|s| status| code)|non-zero|\beof\b|hung up|reset|x509|osstatus|certificate|handshake|proxyconnect|dial (?:tcp|udp)|requires|required as|newer|outdated|ownership|security|disabled|inconsistent|vendor\/modules\.txt|out of date|need(?:s|ed) |conflict|prompts|: [45]\d\d\b|server response|stream error|goaway|server gave|broken pipe|disconnect|redirect|declares its path|interrupted|insecure|read-only|is empty|owned by|lock(?:ed|file)?\b|^# get |# get https?:|\bgo(?: \w+){0,2}: (?!downloading |finding |extracting |found |added |upgraded )|\\u[0-9a-f]{4}|[错錯]误|失败|无法|拒绝|超时|不存在|找不到|重[设置]|未|不/;

/** What is not seen may stand within a word (UTF-16 read as UTF-8); in the pattern it would cost nine tenths of the speed. */
function mayTell(line: string): boolean {
  return line.includes('\0') || line.includes('\u200b') || TELLING.test(line.toLowerCase());
}

/** A message has at most 60 lines, and what leads up to it stands just above. */
const AROUND = 64;

/** The lines worth reading; none when nothing may be wrong. */
export function sift(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let until = -1;
  let taken = 0;
  for (const [i, line] of lines.entries()) {
    if (mayTell(line)) {
      for (let at = Math.max(taken, i - AROUND); at < i; at += 1) kept.push(lines[at] ?? '');
      until = i + AROUND;
    }
    if (i > until) continue;
    kept.push(line);
    taken = i + 1;
  }
  return kept;
}

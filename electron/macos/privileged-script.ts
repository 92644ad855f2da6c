/**
 * The one script that runs as root, in one prompt: it lists pf's state, rules and anchors, and reads each anchor whose name
 * is harmless, at most 200; the others are named as unread. Fixed text; its only parameters are a nonce that frames the
 * parts and the root of the tools, both quoted by AppleScript. Nothing is written anywhere.
 */
const SNAPSHOT_SCRIPT = `set -f
PATH=/usr/bin:/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
nonce=$1
pfctl=$2/sbin/pfctl
part() {
  id=$1
  shift
  out=$("$@" 2>&1)
  printf '@@%s %s %s\\n%s\\n' "$nonce" "$?" "$id" "$out"
}
part info "$pfctl" -s info
part rules "$pfctl" -v -s rules
part nat "$pfctl" -s nat
part interfaces "$pfctl" -v -s Interfaces
part references "$pfctl" -s References
names() {
  "$pfctl" "$@" 2>/dev/null
}
count=0
IFS='
'
for anchor in $(names -v -s Anchors); do
  name=\${anchor#"\${anchor%%[! ]*}"}
  count=$((count + 1))
  case $name in
    '' | *[!A-Za-z0-9._/-]*) part "unread $count" printf '%s' "$name" ;;
    *)
      if [ "\${#name}" -gt 128 ] || [ "$count" -gt 200 ]; then
        part "unread $count" printf '%s' "$name"
      else
        part "anchor $name" "$pfctl" -a "$name" -s rules
      fi
      ;;
  esac
done
count=0
for table in $(names -s Tables); do
  count=$((count + 1))
  case $table in
    '' | *[!A-Za-z0-9._-]*) ;;
    *) if [ "$count" -le 50 ]; then part "table $table" "$pfctl" -t "$table" -T show; fi ;;
  esac
done
printf '@@%s 0 end\\n' "$nonce"
`;

/**
 * What osascript is given. The script and its parameters travel as arguments and are quoted by AppleScript itself
 * (`quoted form of`; TN2065): no text is put together here.
 */
export function osascriptArguments(nonce: string, root: string): readonly string[] {
  return [
    '-e',
    'on run argv',
    '-e',
    'do shell script "/bin/sh -c " & quoted form of item 1 of argv & " gopherbar " & quoted form of item 2 of argv & " " & quoted form of item 3 of argv with administrator privileges without altering line endings',
    '-e',
    'end run',
    '--',
    SNAPSHOT_SCRIPT,
    nonce,
    root === '/' ? '' : root,
  ];
}

/** The output of one command of the script. */
export interface SnapshotPart {
  /** As the script names it: `rules`, `anchor com.apple/x`, `unread 3` … */
  readonly id: string;
  readonly exitCode: number;
  readonly text: string;
}

/** Parts by their frames; `complete` only when the script came to its end, after which nothing counts. A frame of another nonce is text. */
export function splitSnapshot(
  output: string,
  nonce: string,
): { readonly parts: readonly SnapshotPart[]; readonly complete: boolean } {
  const parts: { id: string; exitCode: number; lines: string[] }[] = [];
  let complete = false;
  for (const line of output.split(/\r\n|\n|\r/)) {
    if (complete) break;
    const frame = line.startsWith(`@@${nonce} `) ? /^@@\S+ (\d+) (.+)$/.exec(line) : null;
    if (frame === null) parts.at(-1)?.lines.push(line);
    else if (frame[2] === 'end') complete = true;
    else parts.push({ id: frame[2] ?? '', exitCode: Number(frame[1]), lines: [] });
  }
  return { parts: parts.map(({ id, exitCode, lines }) => ({ id, exitCode, text: lines.join('\n') })), complete };
}

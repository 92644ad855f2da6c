/**
 * The hook that `gopherbar shell init` prints. It never stands between a person and `go`: the shell runs it before the next
 * prompt, when the exit code of the command line is known. So pipes, signals, jobs and terminals of `go` stay as they are.
 * Sources: bash(1) PROMPT_COMMAND; zshmisc(1) "Hook Functions"; fish's "Event handlers" (fish_postexec).
 */
import type { Shell } from '../completion/scripts.ts';

/** Subcommands of `go` that may download. */
const DOWNLOADS = 'build|generate|get|install|list|mod|run|test|tool|vet|work';

/** A command line in which `go` may download: an extended regular expression that all three shells read alike. */
const GO_LINE = [
  '(^|[;&|({])[[:space:]]*',
  '(([A-Za-z_][A-Za-z0-9_]*=[^[:space:]]*|!|command|do|else|env|sudo|then|time)[[:space:]]+)*',
  'go([[:space:]]+-C[[:space:]]*[^[:space:]]+)?[[:space:]]+',
  `(${DOWNLOADS})([[:space:];&|)]|$)`,
].join('');

/** The script of a shell. It starts a process only after a failed `go` while an engine runs (`socket` is there). */
export function hookScript(shell: Shell, socket: string): string {
  return { bash, zsh, fish }[shell](socket);
}

// From 126 on the code is the shell's own: not found, not executable, ended by a signal.
function bash(socket: string): string {
  return `if [ -n "\${BASH_VERSION-}" ]; then
  _gopherbar_lines=${quoted(GO_LINE)}
  _gopherbar_hint() {
    local code=$? entry
    if [ -z "\${_gopherbar_entry+set}" ]; then
      _gopherbar_entry=$(HISTTIMEFORMAT= builtin history 1)
    elif [ "$code" -ne 0 ] && [ "$code" -lt 126 ] && [ -z "\${CI-}" ] && [ -t 2 ] && [ -S ${quoted(socket)} ]; then
      entry=$(HISTTIMEFORMAT= builtin history 1)
      if [ "$entry" != "$_gopherbar_entry" ]; then
        _gopherbar_entry=$entry
        entry=\${entry#*[0-9]  }
        if [[ $entry =~ $_gopherbar_lines ]] && type -P gopherbar >/dev/null; then
          command gopherbar shell hint </dev/null
        fi
      fi
    fi
    return "$code"
  }
  case $-:\${PROMPT_COMMAND-} in
    *:*_gopherbar_hint*) ;;
    *i*:*) PROMPT_COMMAND="_gopherbar_hint\${PROMPT_COMMAND:+
$PROMPT_COMMAND}" ;;
  esac
fi
`;
}

function zsh(socket: string): string {
  return `if [[ -o interactive ]]; then
  # It gives the commands of a line on lines of their own.
  _gopherbar_preexec() { _gopherbar_line=\${3//$'\\n'/;} }
  _gopherbar_precmd() {
    local code=$? line=\${_gopherbar_line-}
    emulate -L zsh
    local lines=${quoted(GO_LINE)} MATCH MBEGIN MEND match mbegin mend
    _gopherbar_line=
    if (( code != 0 && code < 126 )) && [[ -n $line && -z \${CI-} && -t 2 && -S ${quoted(socket)} && $line =~ $lines ]]; then
      if whence -p gopherbar >/dev/null; then command gopherbar shell hint </dev/null; fi
    fi
    return $code
  }
  autoload -Uz add-zsh-hook
  add-zsh-hook preexec _gopherbar_preexec
  add-zsh-hook precmd _gopherbar_precmd
fi
`;
}

function fish(socket: string): string {
  return `if status is-interactive
  function __gopherbar_hint --on-event fish_postexec
    set -l code $status
    if test $code -ne 0; and test $code -lt 126; and test -z "$CI"; and isatty stderr; and test -S ${quoted(socket.replaceAll('\\', '\\\\'))}
      if string match -rq -- ${quoted(GO_LINE)} (string split \\n -- $argv[1]); and command -sq gopherbar
        command gopherbar shell hint </dev/null
      end
    end
    return $code
  end
end
`;
}

/** In single quotes; a quote itself stands outside of them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

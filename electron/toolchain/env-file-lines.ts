/**
 * Lines of the file behind `go env -w`, and of $GOROOT/go.env: `KEY=VALUE`, no quoting, the last of a doubled key wins,
 * other lines are ignored. Source: cmd/go/internal/cfg/cfg.go (initEnvCache).
 */

/** The value a variable has in the text; undefined when no line sets it. */
export function envFileValue(text: string, variable: string): string | undefined {
  let value: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${variable}=`)) value = line.slice(variable.length + 1).replace(/\r$/, '');
  }
  return value;
}

/** Two web APIs missing in the tests' runtime (Node 18): URL.canParse and AbortSignal.any. */

/** Parses a URL; null when the text is not one. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Aborted as soon as one of the two is. */
export function eitherSignal(one: AbortSignal, other: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    one.removeEventListener('abort', abort);
    other.removeEventListener('abort', abort);
    controller.abort();
  };
  if (one.aborted || other.aborted) abort();
  else {
    one.addEventListener('abort', abort);
    other.addEventListener('abort', abort);
  }
  return controller.signal;
}

/** Two of the web's own that the runtime of the tests (Node 18) does not have: URL.canParse and AbortSignal.any. */

/** The URL a text is; null for one that is none. */
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

/** Theme, contrast and language of the page's root element. */
import { useInsertionEffect, useSyncExternalStore } from 'react';

/** Whether a media query holds, now and after each change. */
function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}

/** The theme in force. */
export function useTheme(preference: 'system' | 'light' | 'dark'): 'light' | 'dark' {
  // The main process sets nativeTheme from the preference; the media query follows it a moment later.
  const dark = useMedia('(prefers-color-scheme: dark)');
  if (preference !== 'system') return preference;
  return dark ? 'dark' : 'light';
}

/** Names the colours in force, for what is drawn with them: it changes whenever they do. */
export function useInk(theme: 'light' | 'dark'): string {
  return `${theme}-${useMedia('(prefers-contrast: more)')}`;
}

/** Sets theme and language on the root, before any layout effect: a chart reads its colours from there in one. */
export function useDocument(theme: string, language: string): void {
  useInsertionEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language;
  }, [theme, language]);
}

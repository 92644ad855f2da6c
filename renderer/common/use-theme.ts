/** Theme and language of the page's root element. */
import { useEffect, useInsertionEffect, useRef } from 'react';

/** The theme in force. */
export function useTheme(preference: 'system' | 'light' | 'dark'): 'light' | 'dark' {
  // The main process sets nativeTheme from the preference, so the media query already follows it.
  const dark = useRef(matchMedia('(prefers-color-scheme: dark)')).current;
  useEffect(() => {
    const follow = () => {
      document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
    };
    if (preference === 'system') dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [dark, preference]);
  return preference === 'system' ? (dark.matches ? 'dark' : 'light') : preference;
}

/** Sets theme and language on the root, before any layout effect: a chart reads its colours from there in one. */
export function useDocument(theme: string, language: string): void {
  useInsertionEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language;
  }, [theme, language]);
}

/** Starts a window's page. One that cannot start says so instead of staying blank. */
import type { GopherbarApi } from '../../shared/contract/channels.ts';
import { chooseLanguage, translator } from '../../shared/messages/messages.ts';

/** Mounts into the element with the id. `mount` may reject: the main process did not answer. */
export function startPage(id: string, mount: (container: HTMLElement, api: GopherbarApi) => Promise<void>): void {
  const container = document.getElementById(id);
  const api = window.gopherbar;
  if (container === null || api === undefined) return;
  document.documentElement.dataset.platform = api.platform;
  mount(container, api).catch((error: unknown) => {
    console.error('the page could not start', error);
    container.replaceChildren(startFailure(api, error));
  });
}

/** Without React, which may be what failed. */
function startFailure(api: GopherbarApi, error: unknown): HTMLElement {
  const t = translator(chooseLanguage('system', api.systemLanguages));
  const section = document.createElement('section');
  section.className = 'error-page';
  section.setAttribute('role', 'alert');
  section.dataset.testid = 'error-page';
  const reload = document.createElement('button');
  reload.className = 'button primary';
  reload.textContent = t('page-error.reload');
  reload.addEventListener('click', () => location.reload());
  section.append(
    withText('h1', t('page-error.title')),
    withText('p', t('page-error.what')),
    withText('pre', error instanceof Error ? error.message : String(error)),
    reload,
  );
  return section;
}

function withText(tag: 'h1' | 'p' | 'pre', text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

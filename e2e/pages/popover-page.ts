/** The popover as a person sees it: what it says and what can be pressed. */
import type { Locator, Page } from '@playwright/test';

export class PopoverPage {
  readonly head: Locator;
  /** The layers of the probe that the header is about. */
  readonly path: Locator;
  readonly alert: Locator;
  readonly remedy: Locator;
  readonly undo: Locator;
  readonly notice: Locator;
  readonly phases: Locator;
  readonly incidents: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.head = page.getByTestId('head');
    this.path = page.getByTestId('layer-path');
    this.alert = page.getByTestId('alert');
    this.remedy = page.getByTestId('remedy');
    this.undo = page.getByTestId('undo-last');
    this.notice = page.getByTestId('notice');
    this.phases = page.getByTestId('phases');
    this.incidents = page.getByTestId('incidents');
  }

  profile(id: string): Locator {
    return this.#page.getByTestId(`profile-${id}`);
  }

  /** Clicks a profile once the list has stopped moving: a click sooner than that is ignored. */
  async choose(id: string): Promise<void> {
    await this.#page.locator('[data-testid=profiles][data-settled=true]').waitFor();
    await this.profile(id).click();
  }

  endpoint(id: string): Locator {
    return this.#page.getByTestId(`endpoint-${id}`);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }
}

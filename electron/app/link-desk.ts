/** Follows links one at a time, each only after the person has confirmed what it would do. */
import type { Outcome } from '../../shared/domain/outcome.ts';
import { hideSecrets } from '../../shared/domain/secrets.ts';
import type { Language, Snapshot } from '../../shared/domain/snapshot.ts';
import { commandLine, type SwitchPlan } from '../../shared/domain/switch-plan.ts';
import { inLanguage, problemText, type Translate } from '../../shared/messages/messages.ts';
import { type Link, readLink } from './link.ts';

/** A question with two answers; `no` is the default. */
export interface LinkQuestion {
  readonly title: string;
  readonly detail: string;
  readonly yes: string;
  readonly no: string;
}

export interface LinkPorts {
  snapshot(): Snapshot;
  plan(profileId: string): Promise<Outcome<SwitchPlan>>;
  use(profileId: string): Promise<Outcome>;
  /** Starts a diagnosis, and shows it. */
  diagnose(target: string): Outcome;
  confirm(question: LinkQuestion): Promise<boolean>;
  /** Shows what was refused, and why. */
  say(text: string): Promise<void>;
  translate(): Translate;
  language(): Language;
}

/** As much of a refused link as is shown. */
const MAX_SHOWN = 120;

export class LinkDesk {
  readonly #ports: LinkPorts;
  #isBusy = false;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** Ignores links while one waits for its answer: a page could otherwise cover the screen with questions. */
  async follow(text: string): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const done = await this.#follow(text);
      if (!done.ok) await this.#ports.say(problemText(this.#ports.translate(), done.problem));
    } finally {
      this.#isBusy = false;
    }
  }

  async #follow(text: string): Promise<Outcome> {
    const link = readLink(text);
    if (link === null) return { ok: false, problem: { key: 'link-refused', params: { link: shown(text) } } };
    return link.kind === 'use' ? this.#use(link) : this.#diagnose(link);
  }

  async #use({ profileId }: Extract<Link, { kind: 'use' }>): Promise<Outcome> {
    const { snapshot, plan, use, confirm, translate, language } = this.#ports;
    const t = translate();
    const profile = snapshot().profiles.find((one) => one.profile.id === profileId)?.profile;
    if (profile === undefined)
      return { ok: false, problem: { key: 'link-no-profile', params: { profile: profileId } } };
    const planned = await plan(profileId);
    if (!planned.ok) return planned;
    const commands = planned.value.commands.map((one) => hideSecrets(commandLine(one)));
    const yes = await confirm({
      title: t('link.use-title', { profile: inLanguage(profile.name, language()) }),
      detail: [t(commands.length === 0 ? 'link.use-nothing' : 'link.use-detail'), ...commands].join('\n'),
      yes: t('link.use'),
      no: t('link.cancel'),
    });
    return yes ? use(profileId) : { ok: true, value: undefined };
  }

  async #diagnose({ target }: Extract<Link, { kind: 'doctor' }>): Promise<Outcome> {
    const { diagnose, confirm, translate } = this.#ports;
    const t = translate();
    const yes = await confirm({
      title: t('link.doctor-title', { target }),
      detail: t('link.doctor-detail', { target }),
      yes: t('link.doctor'),
      no: t('link.cancel'),
    });
    return yes ? diagnose(target) : { ok: true, value: undefined };
  }
}

/** A stranger's text in one line: no control or direction characters, no password. */
function shown(text: string): string {
  const plain = hideSecrets(text.slice(0, MAX_SHOWN)).replace(/[^\x20-\x7e]/g, '?');
  return text.length > MAX_SHOWN ? `${plain}…` : plain;
}

/** Commands that change the settings, and what of the app's own messages is shown. */
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { Preferences } from '../../shared/domain/snapshot.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { NetworkConditions } from '../conditions/network-conditions.ts';
import type { IncidentTracker } from '../notify/incident-tracker.ts';
import type { NotificationPolicy } from '../notify/notification-policy.ts';
import type { AutoSwitch } from '../profile/auto-switch.ts';
import type { Clock } from '../system/clock.ts';
import type { NetworkChange, PreferencesService } from './engine-api.ts';
import type { EngineSettings, SettingsPort } from './engine-ports.ts';
import type { Notices } from './notices.ts';

export interface PreferenceCommandParts {
  readonly clock: Clock;
  readonly file: Pick<SettingsPort, 'setPreferences' | 'setNetwork'>;
  readonly settings: () => EngineSettings;
  /** Changes the settings file and takes the result over. */
  readonly changeSettings: (change: () => Promise<Outcome>) => Promise<Outcome>;
  readonly conditions: Pick<NetworkConditions, 'network'>;
  readonly notifications: Pick<NotificationPolicy, 'muteUntil'>;
  readonly incidents: Pick<IncidentTracker, 'dismissAlert' | 'dismissRecovery'>;
  readonly notices: Pick<Notices, 'dismiss'>;
  readonly autoSwitch: Pick<AutoSwitch, 'refresh'>;
  readonly update: () => void;
}

export class PreferenceCommands implements PreferencesService {
  readonly #parts: PreferenceCommandParts;

  constructor(parts: PreferenceCommandParts) {
    this.#parts = parts;
  }

  set(change: Partial<Preferences>): Promise<Outcome> {
    return this.#parts.changeSettings(() => this.#parts.file.setPreferences(change));
  }

  async apply(change: () => Promise<Outcome>): Promise<Outcome> {
    const done = await this.#parts.changeSettings(change);
    void this.#parts.autoSwitch.refresh();
    return done;
  }

  async setNetwork(change: NetworkChange): Promise<Outcome> {
    const { conditions, settings, changeSettings, file } = this.#parts;
    const { network } = conditions;
    if (network === null) return failed('no-network');
    const known = settings().networks.find((one) => one.id === network.id);
    const name = change.name === undefined ? known?.name : change.name?.trim() || undefined;
    const metered = change.metered ?? known?.metered;
    return changeSettings(() => file.setNetwork({ id: network.id, name, metered }));
  }

  muteFor(duration: DurationMs | null): Outcome {
    const { notifications, clock, update } = this.#parts;
    notifications.muteUntil(duration === null ? null : clock.now() + duration);
    update();
    return DONE;
  }

  dismissAlert(): Outcome {
    this.#parts.incidents.dismissAlert();
    this.#parts.update();
    return DONE;
  }

  dismissNotices(): Outcome {
    this.#parts.notices.dismiss();
    this.#parts.incidents.dismissRecovery();
    this.#parts.update();
    return DONE;
  }
}

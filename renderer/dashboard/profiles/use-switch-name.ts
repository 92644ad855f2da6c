/** What a switch is called: its profile, or what it was done for. */
import { LINT_FIX_SWITCH_ID, REVERT_SWITCH_ID } from '../../../shared/domain/switch-plan.ts';
import { inLanguage } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

/** Names a switch's target. */
export function useSwitchName(): (to: string) => string {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  return (to) => {
    if (to === LINT_FIX_SWITCH_ID) return t('profiles.switch-lint-fix');
    if (to === REVERT_SWITCH_ID) return t('profiles.switch-reverted');
    const found = profiles.find(({ profile }) => profile.id === to);
    return found === undefined ? to : inLanguage(found.profile.name, language);
  };
}

/** Whether this machine has any way out but loopback. */
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import { type DoctorCheck, found, note } from './check.ts';

/** Whether there is a network at all. */
export const networkCheck: DoctorCheck = {
  id: 'network',
  needs: [],
  run: async ({ ports }) =>
    found(
      [ports.hasNetworkPath() ? note('network-there') : note('network-none', {}, 'error')],
      [
        ports.platform === 'darwin'
          ? shellCommand('route', ['-n', 'get', 'default'])
          : shellCommand('ip', ['route', 'show', 'default']),
      ],
    ),
};

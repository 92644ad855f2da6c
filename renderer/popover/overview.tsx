/** The first view: the header of fixed height, then profiles and endpoints. */
import { useLayoutEffect } from 'react';
import { EndpointList } from './endpoint-list.tsx';
import { ProfileList } from './profile-list.tsx';
import { usePopover } from './use-popover.ts';

export function Overview() {
  useFocusOnReturn();
  return (
    <>
      <ProfileList />
      <EndpointList />
    </>
  );
}

/** Back from an endpoint, the focus and the scroll position are at its row again. */
function useFocusOnReturn(): void {
  const cameFrom = usePopover((state) => state.cameFrom);
  useLayoutEffect(() => {
    if (cameFrom?.name !== 'endpoint') return;
    document.querySelector<HTMLElement>(`[data-testid="endpoint-${CSS.escape(cameFrom.endpointId)}"]`)?.focus();
  }, [cameFrom]);
}

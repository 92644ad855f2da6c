/** A modal dialog of a page. */
import { useEffect, useRef } from 'react';

/** Opens the dialog modally; Escape and a click beside it close it, and the focus goes back to where it was. */
export function useModal(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const onClick = (event: MouseEvent) => event.target === element && onClose();
    element.showModal();
    element.addEventListener('close', onClose);
    element.addEventListener('click', onClick);
    return () => {
      element.removeEventListener('close', onClose);
      element.removeEventListener('click', onClick);
      element.close();
    };
  }, []);
  return dialog;
}

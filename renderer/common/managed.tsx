/** Controls of values that an organization manages: switched off, and marked with who set them. */
import type { ReactNode } from 'react';
import { isManaged } from '../../shared/domain/managed-fields.ts';
import { Icon } from './shapes.tsx';
import { useSnapshot } from './use-snapshot.ts';

/** Whether an organization manages a setting, a part of it or what it is a part of; `field` is its dotted name. */
export function useManaged(field: string): boolean {
  return useSnapshot((state) => isManaged(field, state.snapshot.managed));
}

interface Props {
  /** The setting's dotted name, such as `preferences.theme`. */
  readonly field: string;
  readonly children: ReactNode;
}

/** Around the controls of one setting. */
export function Managed({ field, children }: Props) {
  const t = useSnapshot((state) => state.t);
  if (!useManaged(field)) return children;
  return (
    <fieldset className="managed" disabled data-testid={`managed-${field}`}>
      <legend className="hidden-text">{t('settings.set-by-organization')}</legend>
      {children}
      <ManagedMark />
    </fieldset>
  );
}

/** The mark alone, for parts that switch off their controls themselves. */
export function ManagedMark() {
  const t = useSnapshot((state) => state.t);
  return (
    <p className="managed-mark">
      <Icon name="lock" />
      {t('settings.set-by-organization')}
    </p>
  );
}

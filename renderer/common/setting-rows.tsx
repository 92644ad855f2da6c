/** Rows of the settings: a choice from a list, and a switch. */
import { useId } from 'react';
import { Managed } from './managed.tsx';

interface SelectRowProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly testId: string;
  /** The dotted name of the setting. */
  readonly field: string;
  readonly onChange: (value: T) => void;
}

/** A labelled list of choices. */
export function SelectRow<T extends string | number>({
  label,
  value,
  options,
  testId,
  field,
  onChange,
}: SelectRowProps<T>) {
  return (
    <Managed field={field}>
      <label className="setting">
        {label}
        <select
          data-testid={testId}
          value={value}
          onChange={(event) => {
            const chosen = options.find((one) => String(one.value) === event.target.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
    </Managed>
  );
}

interface SwitchRowProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly testId: string;
  /** The dotted name of the setting. */
  readonly field: string;
  readonly onChange: (checked: boolean) => void;
  /** Further controls before the switch. */
  readonly children?: React.ReactNode;
}

/** A labelled switch. */
export function SwitchRow({ label, hint, checked, testId, field, onChange, children }: SwitchRowProps) {
  const id = useId();
  return (
    <Managed field={field}>
      <div className="setting">
        <label htmlFor={id}>
          {label}
          {hint !== undefined && <small>{hint}</small>}
        </label>
        <span className="controls">
          {children}
          <input
            id={id}
            type="checkbox"
            role="switch"
            aria-checked={checked}
            data-testid={testId}
            checked={checked}
            onChange={(event) => onChange(event.target.checked)}
          />
        </span>
      </div>
    </Managed>
  );
}

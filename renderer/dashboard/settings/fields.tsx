/** Fields of the settings page: a text that is saved when it is left, with its fault beside it, and lists of texts. */
import { useEffect, useId, useState } from 'react';
import { Managed } from '../../common/managed.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

interface TextRowProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly testId: string;
  /** The dotted name of the setting; absent = none that could be managed. */
  readonly field?: string;
  /** The fault's text; null = it can be saved. */
  readonly faultOf?: (text: string) => string | null;
  readonly onSave: (text: string) => void;
}

/** Enter or leaving the field saves, Escape brings the saved text back. */
export function TextRow({ field, ...row }: TextRowProps) {
  return field === undefined ? (
    <TextField {...row} />
  ) : (
    <Managed field={field}>
      <TextField {...row} />
    </Managed>
  );
}

function TextField({
  label,
  hint,
  value,
  placeholder,
  testId,
  faultOf = () => null,
  onSave,
}: Omit<TextRowProps, 'field'>) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const fault = text === value ? null : faultOf(text.trim());
  const save = () => {
    if (text !== value && fault === null) onSave(text.trim());
  };
  return (
    <div className="setting">
      <label htmlFor={id}>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </label>
      <span className="field-with-fault">
        <input
          id={id}
          type="text"
          value={text}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : `${id}-fault`}
          data-testid={testId}
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save();
            if (event.key === 'Escape') setText(value);
          }}
        />
        {fault !== null && (
          <small className="fault" id={`${id}-fault`} data-testid={`${testId}-fault`}>
            {fault}
          </small>
        )}
      </span>
    </div>
  );
}

interface NumberRowProps extends Omit<TextRowProps, 'value' | 'onSave' | 'faultOf'> {
  /** null = not set. */
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  /** How many of the file's units one of the shown ones is. */
  readonly unit?: number;
  /** What an empty field means; absent = it must not be empty. */
  readonly onEmpty?: () => void;
  readonly onSave: (value: number) => void;
}

/** A number between bounds. */
export function NumberRow({ value, min, max, unit = 1, onEmpty, onSave, ...row }: NumberRowProps) {
  const t = useSnapshot((state) => state.t);
  const faultOf = (text: string) => {
    if (text === '' && onEmpty !== undefined) return null;
    const number = Number(text);
    const isRight = text !== '' && Number.isFinite(number) && number >= min && number <= max;
    return isRight ? null : t('settings.fault-number', { min, max });
  };
  return (
    <TextRow
      {...row}
      value={value === null ? '' : String(value / unit)}
      faultOf={faultOf}
      onSave={(text) => (text === '' ? onEmpty?.() : onSave(Math.round(Number(text) * unit)))}
    />
  );
}

interface TextListProps {
  readonly label: string;
  readonly hint: string;
  readonly items: readonly string[];
  readonly placeholder: string;
  readonly testId: string;
  /** The dotted name of the setting. */
  readonly field: string;
  readonly faultOf: (text: string) => string | null;
  readonly onChange: (items: readonly string[], removed: string | null) => void;
}

/** Texts that are added and removed one by one. */
export function TextList({ label, hint, items, placeholder, testId, field, faultOf, onChange }: TextListProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <Managed field={field}>
      <section className="section" data-testid={testId}>
        <h3>{label}</h3>
        <p className="note">{hint}</p>
        <div className="list">
          {items.map((item) => (
            <div key={item} className="setting">
              <span className="mono wrap">{item}</span>
              <button
                type="button"
                className="button"
                aria-label={t('settings.remove-named', { name: item })}
                onClick={() =>
                  onChange(
                    items.filter((one) => one !== item),
                    item,
                  )
                }
              >
                {t('settings.remove')}
              </button>
            </div>
          ))}
          <TextRow
            label={t('settings.add')}
            value=""
            placeholder={placeholder}
            testId={`${testId}-add`}
            faultOf={(text) => (items.includes(text) ? t('settings.fault-twice') : faultOf(text))}
            onSave={(text) => onChange([...items, text], null)}
          />
        </div>
      </section>
    </Managed>
  );
}

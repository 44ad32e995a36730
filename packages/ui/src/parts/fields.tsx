import type { ReactNode } from 'react';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A text filter; the key `/` puts the cursor in the first one of a view. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <input
      type="search"
      className="field field-search"
      aria-label={label}
      placeholder={`${label}  /`}
      value={value}
      data-search=""
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  /** What a right value looks like; undefined when this is one. */
  readonly problem?: string | undefined;
  readonly size: 'short' | 'wide';
  readonly onChange: (text: string) => void;
}

/** A value to type; a wrong one says what a right one looks like. */
export function TextField(props: TextFieldProps) {
  const { label, value, placeholder, problem, size, onChange } = props;
  return (
    <label className="labelled">
      <span>{label}</span>
      <input
        className={`field field-${size}`}
        value={value}
        placeholder={placeholder}
        aria-invalid={problem !== undefined}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem !== undefined && (
        <span className="field-problem" role="alert">
          {problem}
        </span>
      )}
    </label>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

/** A choice; a value that is no option is shown as one, so that an old link does not lie. */
export function SelectField({ label, value, options, onChange }: SelectFieldProps) {
  const known = options.some(([option]) => option === value);
  return (
    <label className="labelled">
      <span>{label}</span>
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
        {!known && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

interface ToggleProps {
  readonly pressed: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

export function Toggle({ pressed, onToggle, children }: ToggleProps) {
  return (
    <button type="button" className="button toggle" aria-pressed={pressed} onClick={onToggle}>
      {children}
    </button>
  );
}

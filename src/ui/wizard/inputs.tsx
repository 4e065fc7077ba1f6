/** The fields that the forms of the wizard are made of. */
import type { Text } from '../../text/text.ts';
import { say } from '../language.ts';
import { Field } from '../parts.tsx';

interface InputProps {
  readonly label: Text;
  readonly hint?: Text;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly number?: boolean;
  readonly placeholder?: string;
  readonly pattern?: string;
}

export function InputField({
  label,
  hint,
  value,
  onValue,
  required,
  secret,
  number,
  placeholder,
  pattern,
}: InputProps) {
  return (
    <Field label={say(label)} hint={hint && say(hint)}>
      {(bound) => (
        <input
          {...bound}
          type={secret ? 'password' : number ? 'number' : 'text'}
          autocomplete={secret ? 'new-password' : 'off'}
          autocapitalize="off"
          spellcheck={false}
          required={required}
          placeholder={placeholder}
          pattern={pattern}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function SelectField({
  label,
  value,
  all,
  onValue,
  name = (each) => each,
}: {
  readonly label: Text;
  readonly value: string;
  readonly all: readonly string[];
  readonly onValue: (value: string) => void;
  readonly name?: (value: string) => string;
}) {
  return (
    <Field label={say(label)}>
      {(bound) => (
        <select {...bound} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {all.map((each) => (
            <option key={each} value={each}>
              {name(each)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

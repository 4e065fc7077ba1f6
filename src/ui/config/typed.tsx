/** The field of one plain value, drawn by its schema. The value is given away when the field loses focus; `live`: at every key. */
import { useEffect, useState } from 'preact/hooks';
import { configText } from '../../text/page/ui-config.made.ts';
import { say } from '../language.ts';
import { Field } from '../parts.tsx';
import { isSecret, named, type Schema } from './schema.ts';

export const typeOf = (schema: Schema): string | undefined =>
  (Array.isArray(schema.type) ? schema.type[0] : schema.type) as string;

const isNumber = (schema: Schema): boolean => ['number', 'integer'].includes(typeOf(schema) ?? '');

interface TypedProps {
  readonly schema: Schema;
  readonly value: unknown;
  readonly name: string;
  readonly required?: boolean | undefined;
  readonly fault: string | undefined;
  readonly onValue: (value: unknown) => void;
  /** In a form that the browser checks before it is sent. */
  readonly live?: boolean;
  /** Instead of those of the schema. */
  readonly help?: string | undefined;
  readonly placeholder?: string | undefined;
}

function shown(value: unknown, { names }: Schema): string {
  if (value === true) return say(configText.yes);
  if (value === false) return say(configText.no);
  return names?.[String(value)] ?? String(value);
}

const defaultOf = (schema: Schema): string | undefined =>
  schema.default === undefined || schema.default === ''
    ? undefined
    : say(configText.byDefault(shown(schema.default, schema)));

export function TypedField({ fault, help, ...typed }: TypedProps) {
  const { schema, name, required, live } = typed;
  const { label, hint: explained } = named(schema, name);
  // That of a secret says where its value stands: here it is entered.
  const hint = help ?? (live && isSecret(schema) ? undefined : explained);
  const options = schema.enum ?? (typeOf(schema) === 'boolean' ? [true, false] : undefined);
  return (
    <Field
      label={required && !live ? `${label} *` : label}
      hint={fault === undefined ? hint : `${fault}${hint ? ` · ${hint}` : ''}`}
      fault={fault}
    >
      {(bound) =>
        options !== undefined ? (
          <Choice bound={bound} options={options} {...typed} />
        ) : schema.items !== undefined ? (
          <Lines bound={bound} {...typed} />
        ) : (
          <Plain bound={bound} {...typed} />
        )
      }
    </Field>
  );
}

type BoundProps = Omit<TypedProps, 'fault'> & { readonly bound: object };

function Choice({
  bound,
  options,
  schema,
  value,
  required,
  live,
  onValue,
}: BoundProps & { readonly options: readonly unknown[] }) {
  return (
    <select
      {...bound}
      required={live && required}
      value={value === undefined ? '' : JSON.stringify(value)}
      onChange={(event) => {
        const { value: text } = event.currentTarget;
        onValue(text === '' ? undefined : JSON.parse(text));
      }}
    >
      {(!required || value === undefined) && <option value="">{defaultOf(schema) ?? say(configText.notSet)}</option>}
      {[...(value === undefined || options.includes(value) ? [] : [value]), ...options].map((option) => (
        <option key={String(option)} value={JSON.stringify(option)}>
          {shown(option, schema)}
        </option>
      ))}
    </select>
  );
}

function Lines({ bound, value, onValue }: BoundProps) {
  return (
    <TextField
      bound={bound}
      lines
      value={Array.isArray(value) ? value.join('\n') : ''}
      placeholder={say(configText.onePerLine)}
      onText={(text) => {
        const list = text
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean);
        onValue(list.length === 0 ? undefined : list);
      }}
    />
  );
}

function Plain({ bound, schema, value, required, live, placeholder, onValue }: BoundProps) {
  const { minimum, maximum } = schema;
  const checked = { required, ...(isNumber(schema) && { type: 'number', min: minimum, max: maximum }) };
  const secret = isSecret(schema) && { type: 'password', autocomplete: 'new-password' };
  return (
    <TextField
      bound={{ ...bound, ...(live && { ...checked, ...secret }) }}
      live={live}
      value={String(value ?? '')}
      placeholder={placeholder ?? defaultOf(schema) ?? ''}
      numeric={isNumber(schema)}
      onText={(text) => onValue(text === '' ? undefined : typedAs(schema, text))}
    />
  );
}

/** TypedField text converted by the schema; text that does not fit stays text, and the check reports it. */
export const typedAs = (schema: Schema, text: string): unknown =>
  isNumber(schema) && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;

interface TextProps {
  readonly bound: object;
  readonly value: string;
  readonly placeholder: string;
  readonly lines?: boolean;
  readonly numeric?: boolean;
  readonly live?: boolean | undefined;
  readonly onText: (text: string) => void;
}

export function TextField({ bound, value, placeholder, lines, numeric, live, onText }: TextProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [live ? '' : value]);
  const done = (text = typed): void => {
    if (text.trim() !== value) onText(text.trim());
  };
  const field = {
    ...bound,
    placeholder,
    // By its spaces alone it may differ while it is typed.
    value: live && typed.trim() !== value ? value : typed,
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }): void => {
      setTyped(currentTarget.value);
      if (live) done(currentTarget.value);
    },
    onBlur: () => done(),
  };
  if (lines) return <textarea rows={3} {...field} />;
  return (
    <input
      type="text"
      inputMode={numeric ? 'decimal' : 'text'}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      {...field}
      onKeyDown={(event) => event.key === 'Enter' && done()}
    />
  );
}

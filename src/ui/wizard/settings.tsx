/** Fields of the wizard that are keys of the configuration: label, help, choices and range stand in its schema. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Text } from '../../text/text.ts';
import { isMapping, type Schema, type SchemaPath, schemaAt, withValue } from '../config/schema.ts';
import { TypedField } from '../config/typed.tsx';
import { Form } from '../inputs.tsx';
import { say } from '../language.ts';
import { Loading } from '../parts.tsx';

/** Of the whole configuration; undefined until the box has said it. */
export const ConfigSchema = createContext<Schema | undefined>(undefined);

/** A form whose fields are drawn by the schema: without it nothing can be sent. */
export const SettingsForm = (form: Parameters<typeof Form>[0]) =>
  useContext(ConfigSchema) === undefined ? <Loading /> : <Form {...form} />;

/** What the wizard says of a key besides. */
export interface SettingField {
  readonly path: SchemaPath;
  readonly hint?: Text | undefined;
  readonly fault?: Text | undefined;
  readonly placeholder?: string;
  /** Fewer than there are. */
  readonly choices?: readonly string[];
  readonly required?: boolean;
}

interface SettingFieldsProps<T extends object> {
  /** Where the keys stand in the configuration. Those that a variant does not have are not drawn. */
  readonly of: SchemaPath;
  readonly fields: readonly SettingField[];
  /** A secret is the text that was typed. */
  readonly value: T;
  readonly onValue: (value: T) => void;
}

const valueAt = (value: unknown, path: SchemaPath): unknown =>
  path.reduce((within, step) => (isMapping(within) ? within[step] : undefined), value);

export function SettingFields<T extends object>({ of, fields, value, onValue }: SettingFieldsProps<T>) {
  const schema = schemaAt(useContext(ConfigSchema), of, value);
  return (
    <>
      {fields.map(({ path, choices, hint, fault, placeholder, ...field }) => {
        const found = schemaAt(schema, path);
        if (found === undefined) return null;
        const name = String(path[path.length - 1]);
        const required = field.required ?? schema?.required?.includes(name) ?? false;
        return (
          <TypedField
            key={name}
            live
            {...{ name, required, placeholder }}
            schema={choices === undefined ? found : { ...found, enum: choices }}
            help={hint && say(hint)}
            fault={fault && say(fault)}
            value={valueAt(value, path) ?? (required ? found.default : undefined)}
            onValue={(next) => onValue(withValue(value, path, next) as T)}
          />
        );
      })}
    </>
  );
}

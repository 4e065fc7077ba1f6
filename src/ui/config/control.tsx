/** One value of the configuration and its control. The value goes into the text when the control loses focus, not at every key. */
import { useEffect, useState } from 'preact/hooks';
import { configText } from '../../text/page/ui-config.made.ts';
import { say } from '../language.ts';
import { Button, Field } from '../parts.tsx';
import type { NodeProps } from './form-node.ts';
import { anyKeys, isMapping, isSecret, named, pathText, type Schema, type YamlMapping } from './schema.ts';
import { SecretField } from './secrets.tsx';

interface ControlProps extends NodeProps {
  readonly name: string;
  readonly required?: boolean;
  /** Instead of the plain edit. */
  readonly onValue?: (value: unknown) => void;
}

const typeOf = (schema: Schema): string | undefined =>
  (Array.isArray(schema.type) ? schema.type[0] : schema.type) as string;

export function Control(control: ControlProps) {
  const { schema, path, value, draft, view, name, required, group: Group } = control;
  const [unfolded, setUnfolded] = useState(false);
  const set = control.onValue ?? ((next: unknown) => draft.edit(path, next));
  const fault = draft.faults.find((each) => each.path === pathText(path));
  const short = schema.anyOf?.find((each) => typeOf(each) === 'string');
  const long = schema.anyOf?.find(({ properties }) => properties !== undefined);
  if (long !== undefined && (isMapping(value) || unfolded))
    return <Group {...control} schema={{ ...long, ...(schema.description && { description: schema.description }) }} />;
  if (isSecret(schema)) {
    const secret = isMapping(value) && typeof value.secret === 'string' ? value.secret : '';
    return (
      <div class="secret" data-key={pathText(path)}>
        <Typed
          {...control}
          schema={{
            ...schema,
            ...(schema.properties?.secret ?? {}),
            ...(schema.description && { description: schema.description }),
          }}
          value={secret || undefined}
          fault={fault && say(fault.message)}
          onValue={(next) => set(next === undefined ? undefined : { secret: next })}
        />
        {secret !== '' && <SecretField name={secret} view={view} draft={draft} />}
      </div>
    );
  }
  const each = anyKeys(schema);
  if (each !== undefined) return <Pairs {...control} each={each} onValue={set} fault={fault && say(fault.message)} />;
  return (
    <div class="control" data-key={pathText(path)}>
      <Typed
        {...control}
        schema={
          short === undefined ? schema : { ...short, ...(schema.description && { description: schema.description }) }
        }
        fault={fault && say(fault.message)}
        onValue={set}
      />
      {long !== undefined && typeof value === 'string' && value !== '' && (
        <Button
          look="link"
          label={`${named(schema, name).label}: ${say(configText.unfold)}`}
          onClick={() => {
            setUnfolded(true);
            set({ [(long.required ?? ['point'])[0] ?? 'point']: value });
          }}
        >
          {say(configText.unfold)}
        </Button>
      )}
      {required && value === undefined && <span class="hint">{say(configText.required)}</span>}
    </div>
  );
}

interface TypedProps extends ControlProps {
  readonly fault: string | undefined;
  readonly onValue: (value: unknown) => void;
}

const shown = (value: unknown): string => {
  if (value === true) return say(configText.yes);
  if (value === false) return say(configText.no);
  return String(value);
};

function Typed({ schema, value, name, required, fault, onValue }: TypedProps) {
  const byDefault =
    schema.default === undefined || schema.default === ''
      ? undefined
      : say(configText.byDefault(shown(schema.default)));
  const options = schema.enum ?? (typeOf(schema) === 'boolean' ? [true, false] : undefined);
  const { label, hint } = named(schema, name);
  return (
    <Field
      label={required ? `${label} *` : label}
      hint={fault === undefined ? hint : `${fault}${hint ? ` · ${hint}` : ''}`}
      fault={fault}
    >
      {(bound) => {
        if (options !== undefined)
          return (
            <select
              {...bound}
              value={value === undefined ? '' : JSON.stringify(value)}
              onChange={(event) => {
                const { value: text } = event.currentTarget;
                onValue(text === '' ? undefined : JSON.parse(text));
              }}
            >
              {(!required || value === undefined) && <option value="">{byDefault ?? say(configText.notSet)}</option>}
              {value !== undefined && !options.includes(value) && (
                <option value={JSON.stringify(value)}>{shown(value)}</option>
              )}
              {options.map((option) => (
                <option key={String(option)} value={JSON.stringify(option)}>
                  {shown(option)}
                </option>
              ))}
            </select>
          );
        if (schema.items !== undefined)
          return (
            <Text
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
        return (
          <Text
            bound={bound}
            value={value === undefined || value === null ? '' : String(value)}
            placeholder={byDefault ?? ''}
            numeric={['number', 'integer'].includes(typeOf(schema) ?? '')}
            onText={(text) => onValue(text === '' ? undefined : typedAs(schema, text))}
          />
        );
      }}
    </Field>
  );
}

/** Typed text converted by the schema; text that does not fit stays text, and the check reports it. */
function typedAs(schema: Schema, text: string): unknown {
  const type = typeOf(schema);
  if ((type === 'number' || type === 'integer') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

interface TextProps {
  readonly bound: object;
  readonly value: string;
  readonly placeholder: string;
  readonly lines?: boolean;
  readonly numeric?: boolean;
  readonly onText: (text: string) => void;
}

function Text({ bound, value, placeholder, lines, numeric, onText }: TextProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const done = (): void => {
    if (typed.trim() !== value) onText(typed.trim());
  };
  if (lines)
    return (
      <textarea
        {...bound}
        rows={3}
        placeholder={placeholder}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={done}
      />
    );
  return (
    <input
      {...bound}
      type="text"
      inputMode={numeric ? 'decimal' : 'text'}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      placeholder={placeholder}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => event.key === 'Enter' && done()}
    />
  );
}

/** Free names with a value each. */
function Pairs(pairsProps: TypedProps & { readonly each: Schema }) {
  const { each, value, name, schema, fault, path, draft, view, group, onValue } = pairsProps;
  const [fresh, setFresh] = useState('');
  const { label, hint } = named(schema, name);
  const pairs: YamlMapping = isMapping(value) ? value : {};
  const put = (key: string, text: string): void =>
    onValue({ ...pairs, [key]: each.enum?.find((option) => String(option) === text) ?? typedAs(each, text) });
  return (
    <fieldset class={fault === undefined ? 'pairs' : 'pairs faulty'} data-key={pathText(path)}>
      <legend>
        {label} <span class="quiet">{hint}</span>
      </legend>
      {fault !== undefined && <p class="hint">{fault}</p>}
      {Object.entries(pairs).map(([key, item]) => (
        <div class="row" key={key}>
          <span class="grow">
            {isSecret(each) ? (
              <Control {...{ view, draft, group }} schema={each} path={[...path, key]} value={item} name={key} />
            ) : (
              <Field label={key} fault={undefined}>
                {(bound) => (
                  <Text bound={bound} value={String(item)} placeholder="" onText={(text) => put(key, text)} />
                )}
              </Field>
            )}
          </span>
          <Button
            look="link"
            onClick={() => draft.edit([...path, key], undefined)}
            label={say(configText.removeAsk(key))}
          >
            {say(configText.remove)}
          </Button>
        </div>
      ))}
      <div class="row">
        <span class="grow">
          <Field label={say(configText.key)}>
            {(bound) => (
              <input {...bound} value={fresh} onInput={(event) => setFresh(event.currentTarget.value.trim())} />
            )}
          </Field>
        </span>
        <Button
          disabled={fresh === '' || fresh in pairs}
          label={say(configText.addTo(label))}
          onClick={() => {
            const [option] = each.enum ?? [];
            const secret = isSecret(each) ? { secret: `${String(path[0])}.${fresh}` } : undefined;
            onValue({ ...pairs, [fresh]: secret ?? option ?? each.minimum ?? '' });
            setFresh('');
          }}
        >
          {say(configText.add)}
        </Button>
      </div>
    </fieldset>
  );
}

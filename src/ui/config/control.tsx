/** One value of the configuration and its control. The value goes into the text when the control loses focus, not at every key. */
import { useState } from 'preact/hooks';
import { configText } from '../../text/page/ui-config.made.ts';
import { say } from '../language.ts';
import { Button, Field } from '../parts.tsx';
import type { NodeProps } from './form-node.ts';
import { anyKeys, isMapping, isSecret, named, pathText, type Schema, type YamlMapping } from './schema.ts';
import { SecretField } from './secrets.tsx';
import { TextField, TypedField, typedAs, typeOf } from './typed.tsx';

interface ControlProps extends NodeProps {
  readonly name: string;
  readonly required?: boolean;
  /** Instead of the plain edit. */
  readonly onValue?: (value: unknown) => void;
}

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
        <TypedField
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
      <TypedField
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

interface PairsProps extends ControlProps {
  readonly each: Schema;
  readonly fault: string | undefined;
  readonly onValue: (value: unknown) => void;
}

/** Free names with a value each. */
function Pairs(pairsProps: PairsProps) {
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
                  <TextField bound={bound} value={String(item)} placeholder="" onText={(text) => put(key, text)} />
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

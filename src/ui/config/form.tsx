/** The configuration as a form, made from its JSON Schema: each change goes into the text at once, comments kept. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { configText } from '../../text/page/ui-config.made.ts';
import { useLoad } from '../fetch.ts';
import { InputField } from '../inputs.tsx';
import { language, say } from '../language.ts';
import { Badge, Button, Empty, LoadState, Note } from '../parts.tsx';
import { parseRoute } from '../route.ts';
import { Control } from './control.tsx';
import type { FormProps, GroupProps, NodeProps } from './form-node.ts';
import { RehearseRow } from './rehearse-row.tsx';
import {
  choiceOf,
  isMapping,
  isSecret,
  liesUnder,
  named,
  nameOf,
  pathText,
  type Schema,
  settingsFor,
  skeleton,
  variantOf,
} from './schema.ts';

export function ConfigForm({ view, draft }: FormProps) {
  const [sought, setSought] = useState('');
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const schema = useLoad<Schema>(`config/schema?lang=${language()}`);
  if (schema.value === undefined) return <LoadState of={schema} />;
  if (!isMapping(draft.value)) return <Note level="error">{say(configText.notYaml)}</Note>;
  const { value } = draft;
  return (
    <div class="form">
      <InputField label={configText.search} value={sought} onValue={setSought} />
      {words.length > 0 && <Found schema={schema.value} words={words} {...{ view, draft }} />}
      {words.length === 0 &&
        Object.entries(schema.value.properties ?? {})
          .filter(([, each]) => each.const === undefined)
          .map(([name, each]) => (
            <Group
              key={name}
              name={name}
              schema={each}
              path={[name]}
              value={value[name]}
              {...{ view, draft }}
              group={Group}
            />
          ))}
    </div>
  );
}

/** More are no answer to a question. */
const MOST_FOUND = 30;

/** What was searched for, each below what it lies in. */
function Found({ schema, words, view, draft }: FormProps & { readonly schema: Schema; readonly words: string[] }) {
  const found = settingsFor({ schema, value: draft.value, path: [] }, words);
  if (found.length === 0) return <Empty>{say(configText.nothingFound)}</Empty>;
  return (
    <>
      {found.slice(0, MOST_FOUND).map(({ within, ...each }) => {
        const name = String(each.path[each.path.length - 1]);
        const node = { ...each, name, view, draft, group: Group };
        return (
          <div key={pathText(each.path)}>
            <p class="hint">{within.join(' › ')}</p>
            {isGroup(each.schema) ? <Group {...node} /> : <Control {...node} />}
          </div>
        );
      })}
      {found.length > MOST_FOUND && <p class="quiet">{say(configText.moreFound(found.length - MOST_FOUND))}</p>}
    </>
  );
}

/** Paths of parts that are unfolded, while the page is open: what is drawn anew does not fold for it. */
const unfolded = new Set<string>();

/** A part that folds; folded content is not drawn. `#/config/form?open=store` opens one. */
function Group({ name, title, onRemove, ...node }: GroupProps) {
  const { schema, path, draft } = node;
  const faults = draft.faults.filter((fault) => liesUnder(fault.path, path)).length;
  const isNamed = path.length === 1 && parseRoute(location.hash).query.open === name;
  const [open, setOpen] = useState(isNamed || unfolded.has(pathText(path)));
  const details = useRef<HTMLDetailsElement>(null);
  const { label, hint } = named(schema, name);
  useEffect(() => {
    if (isNamed) details.current?.scrollIntoView();
  }, []);
  return (
    <details
      class="group"
      data-key={pathText(path)}
      ref={details}
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
        unfolded[event.currentTarget.open ? 'add' : 'delete'](pathText(path));
      }}
    >
      <summary>
        <strong>{title === undefined ? label : name}</strong> <span class="group-title">{title ?? hint}</span>{' '}
        {faults > 0 && <Badge tone="error">{faults}</Badge>}
      </summary>
      {open && (
        <div class="group-body">
          <Parts {...node} />
          {pathText(path.slice(0, 2)) === 'intake.systems' && path.length === 3 && <RehearseRow {...node} />}
          {onRemove && <Remove name={title === undefined ? label : `${name} ${title}`.trim()} onRemove={onRemove} />}
        </div>
      )}
    </details>
  );
}

function Remove({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <p class="remove">
      <Button
        look="danger"
        onClick={() => {
          // The next of the list takes its place, and is not asked for.
          setAsking(!asking);
          if (asking) onRemove();
        }}
      >
        {say(asking ? configText.removeAsk(name) : configText.remove)}
      </Button>
    </p>
  );
}

/** The value at a path, drawn by its schema. */
function Parts(node: NodeProps) {
  const { schema, value } = node;
  if (schema.items !== undefined) {
    const { items } = schema;
    return items.properties === undefined && items.oneOf === undefined ? (
      <Control {...node} name={String(node.path[node.path.length - 1])} />
    ) : (
      <Items {...node} items={items} />
    );
  }
  if (schema.oneOf !== undefined) {
    const variant = variantOf(schema.oneOf, value);
    return variant === undefined ? null : (
      <>
        <Kind {...node} variants={schema.oneOf} />
        <Fields key={String(variant.properties?.[choiceOf(schema.oneOf)]?.const)} {...node} schema={variant} />
      </>
    );
  }
  if (schema.properties !== undefined) return <Fields {...node} />;
  return <Control {...node} name={String(node.path[node.path.length - 1])} />;
}

const isGroup = (schema: Schema): boolean =>
  (schema.properties !== undefined && !isSecret(schema)) ||
  schema.oneOf !== undefined ||
  (schema.items !== undefined && (schema.items.properties !== undefined || schema.items.oneOf !== undefined));

/** The keys of a mapping: set and required ones, then the rest, folded. What is drawn stays where it is: somebody may be typing into it. */
function Fields(node: NodeProps) {
  const { schema, value, path, draft } = node;
  const [more, setMore] = useState(false);
  const front = useRef(new Set<string>());
  const mapping = isMapping(value) ? value : {};
  const required = new Set(schema.required ?? []);
  // One of these is needed: all are shown, and none is put in.
  const oneOf = new Set((schema.anyOf ?? []).flatMap((each) => each.required ?? []));
  const all = Object.entries(schema.properties ?? {}).filter(([, each]) => each.const === undefined);
  const isFaulty = (name: string): boolean => draft.faults.some((fault) => liesUnder(fault.path, [...path, name]));
  if (!more) {
    for (const [name] of all)
      if (name in mapping || required.has(name) || oneOf.has(name) || isFaulty(name)) front.current.add(name);
    // A short list needs no folding.
    if (front.current.size === 0 || all.length - front.current.size <= 3)
      for (const [name] of all) front.current.add(name);
  }
  const first = all.filter(([name]) => front.current.has(name));
  const rest = all.filter(([name]) => !front.current.has(name));
  const draw = ([name, each]: readonly [string, Schema]) => {
    const child = { ...node, schema: each, path: [...path, name], value: mapping[name] };
    return isGroup(each) ? (
      <Group
        key={name}
        {...child}
        name={name}
        {...(oneOf.has(name) && name in mapping && { onRemove: () => draft.edit(child.path, undefined) })}
      />
    ) : (
      <Control key={name} {...child} name={name} required={required.has(name)} />
    );
  };
  return (
    <>
      {first.map(draw)}
      {rest.length > 0 && (
        <details class="more" open={more} onToggle={(event) => setMore(event.currentTarget.open)}>
          <summary>{say(configText.moreSettings(rest.length))}</summary>
          {more && rest.map(draw)}
        </details>
      )}
    </>
  );
}

const titleOfItem = (value: unknown): string => {
  const item = isMapping(value) ? value : {};
  return [item.id === undefined ? undefined : item.name, item.kind, item.profile, item.port, item.url]
    .filter((each) => typeof each === 'string')
    .join(' · ');
};

function Items({ items, ...node }: NodeProps & { readonly items: Schema }) {
  const { value, path, draft } = node;
  const list = Array.isArray(value) ? value : [];
  const { label } = named(node.schema, path[path.length - 1] ?? '');
  return (
    <>
      {list.map((each, at) => (
        <Group
          key={at}
          {...node}
          schema={items}
          path={[...path, at]}
          value={each}
          name={nameOf(each, at)}
          title={titleOfItem(each)}
          onRemove={() => draft.edit([...path, at], undefined)}
        />
      ))}
      <Button
        onClick={() => {
          unfolded.add(pathText([...path, list.length]));
          if (Array.isArray(value)) draft.edit([...path, list.length], skeleton(items));
          else draft.edit(path, [skeleton(items)]);
        }}
        label={say(configText.addTo(label))}
      >
        {say(configText.add)}
      </Button>
    </>
  );
}

/** The choice of kind, or of profile. Values known to both stay. */
function Kind({ variants, ...node }: NodeProps & { readonly variants: readonly Schema[] }) {
  const { value, path, draft } = node;
  const key = choiceOf(variants);
  const kinds = variants.map(({ properties }) => String(properties?.[key]?.const));
  if (kinds.length < 2) return null;
  const now = isMapping(value) ? value : {};
  const choose = (kind: string): void => {
    const variant = variants.find(({ properties }) => properties?.[key]?.const === kind);
    if (variant === undefined) return;
    const kept = Object.entries(now).filter(([name]) => variant.properties?.[name] !== undefined);
    draft.edit(path, { ...(skeleton(variant) as object), ...Object.fromEntries(kept), [key]: kind });
  };
  const description = variants[0]?.properties?.[key]?.description;
  return (
    <Control
      {...node}
      name={key}
      path={[...path, key]}
      schema={{ enum: kinds, ...(description && { description }) }}
      value={now[key]}
      required
      onValue={(kind) => choose(String(kind))}
    />
  );
}

/** Filters of the releases. They live in the address, so that a filtered list can be shared. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ReleaseList } from '../../page/api/api.ts';
import { releasesText, stateName } from '../../text/page/ui-releases.made.ts';
import { MARK_NAME, reviewText } from '../../text/page/ui-review.ts';
import type { Text } from '../../text/text.ts';
import { InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import { Button } from '../parts.tsx';
import { go, place } from '../route.ts';
import { day } from '../time.tsx';

const NAMES = ['day', 'to', 'lane', 'method', 'state', 'plate', 'marked'] as const;
type Name = (typeof NAMES)[number];
export type FilterValues = Readonly<Partial<Record<Name, string>>>;

/** The filters in an address. */
export function filtersOf(query: Readonly<Record<string, string>>): FilterValues {
  const out: Partial<Record<Name, string>> = {};
  for (const name of NAMES) {
    const value = query[name];
    if (value) out[name] = value;
  }
  return out;
}

interface FiltersProps {
  readonly filters: FilterValues;
  readonly methods: ReleaseList['methods'];
  /** Further controls of the row. */
  readonly children: ComponentChildren;
}

const TYPED_MS = 400;
const DAY_MS = 86_400_000;
const MARKED = ['open', 'checked', 'wrong', 'owed', 'recovered'] as const;
/** In days before today. */
const RANGES = [
  { name: reviewText.today, from: 0, to: 0 },
  { name: reviewText.yesterday, from: 1, to: 1 },
  { name: reviewText.week, from: 6, to: 0 },
  { name: reviewText.month, from: 29, to: 0 },
];
const daysAgo = (days: number): string => day(Date.now() - days * DAY_MS);

export function Filters({ filters, methods, children }: FiltersProps) {
  const lanes = useOverview()?.lanes ?? [];
  const [open, setOpen] = useState(false);
  const set = (name: Name, value: string): void => go(place('releases', { ...filters, [name]: value }), true);
  const count = Object.keys(filters).length;
  const choices: readonly (readonly [name: Name, label: Text, options: Options])[] = [
    ['lane', releasesText.lane, lanes.map(({ id, name }) => [id, name])],
    ['method', releasesText.method, methods.map(({ value, text }) => [value, say(text)])],
    ['state', releasesText.state, Object.entries(stateName).map(([state, name]) => [state, say(name)])],
    ['marked', reviewText.marked, MARKED.map((kind) => [kind, say(MARK_NAME[kind])])],
  ];
  return (
    <section class="filters" aria-label={say(releasesText.filters)}>
      <div class="row filters-row">
        <button type="button" class="button filters-open" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say(releasesText.filters)}
          {count > 0 && ` (${count})`}
        </button>
        <nav class="row quick-days">
          {RANGES.map(({ name, from, to }) => (
            <a
              key={name.en}
              class="button"
              href={place('releases', { ...filters, day: daysAgo(from), to: daysAgo(to) })}
            >
              {say(name)}
            </a>
          ))}
        </nav>
        {children}
      </div>
      <div class={open ? 'filters-fields open' : 'filters-fields'}>
        <InputField
          label={releasesText.day}
          type="date"
          value={filters.day ?? ''}
          onValue={(value) => set('day', value)}
        />
        <InputField label={reviewText.to} type="date" value={filters.to ?? ''} onValue={(value) => set('to', value)} />
        {choices.map(([name, label, options]) => (
          <Choice key={name} {...{ label, options }} value={filters[name]} onValue={(value) => set(name, value)} />
        ))}
        <PlateField value={filters.plate ?? ''} onValue={(value) => set('plate', value)} />
        {count > 0 && (
          <div class="filters-clear">
            <Button text={releasesText.clear} onClick={() => go(place('releases'), true)} />
          </div>
        )}
      </div>
    </section>
  );
}

type Options = readonly (readonly [value: string, text: string])[];

interface ChoiceProps {
  readonly label: Text;
  readonly value: string | undefined;
  readonly onValue: (value: string) => void;
  readonly options: Options;
}

function Choice({ label, value = '', onValue, options }: ChoiceProps) {
  const names = new Map(options);
  return (
    <SelectField
      label={label}
      value={value}
      // A value from the address is shown even before its name is known.
      all={[...new Set(['', ...names.keys(), value])]}
      onValue={onValue}
      name={(each) => (each === '' ? say(releasesText.any) : (names.get(each) ?? each))}
    />
  );
}

/** Filters when typing pauses, not at each character. */
function PlateField({ value, onValue }: { readonly value: string; readonly onValue: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onValue(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return <InputField label={releasesText.plate} type="search" maxLength={20} value={typed} onValue={setTyped} />;
}

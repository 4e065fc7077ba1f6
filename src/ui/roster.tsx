/** A card with a list: what is added above it, one row for each, and at the end of a row what can be done with it. */
import type { ComponentChildren } from 'preact';
import type { Text } from '../text/text.ts';
import type { FetchProblem } from './fetch.ts';
import { say } from './language.ts';
import { Card, Empty, LoadState } from './parts.tsx';

interface RosterProps<Row> {
  readonly title: Text;
  readonly hint?: Text;
  /** `value` undefined: it loads. */
  readonly of: { readonly value: readonly Row[] | undefined; readonly problem?: FetchProblem | undefined };
  /** Said of a list that has none. */
  readonly none?: Text;
  readonly tools?: ComponentChildren;
  readonly id: (row: Row) => string;
  readonly row: (row: Row) => ComponentChildren;
  readonly buttons?: (row: Row) => ComponentChildren;
  /** Below the list. */
  readonly children?: ComponentChildren;
}

export const Roster = <Row,>({ of: { value, problem }, ...roster }: RosterProps<Row>) => (
  <Card title={say(roster.title)} tools={roster.tools}>
    {roster.hint && <p class="quiet">{say(roster.hint)}</p>}
    <LoadState of={{ value, problem }} />
    {roster.none && value?.length === 0 && <Empty>{say(roster.none)}</Empty>}
    <ul class="lined history">
      {value?.map((row) => (
        <li key={roster.id(row)} class="row">
          <span class="grow">{roster.row(row)}</span>
          {roster.buttons?.(row)}
        </li>
      ))}
    </ul>
    {roster.children}
  </Card>
);

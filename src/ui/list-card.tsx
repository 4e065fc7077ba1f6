/** A card with a list: what is added above it, one row for each, and at the end of a row what can be done with it. */
import type { ComponentChildren } from 'preact';
import type { Text } from '../text/text.ts';
import type { FetchProblem } from './fetch.ts';
import { say } from './language.ts';
import { Card, Empty, LoadState } from './parts.tsx';

interface ListCardProps<Row> {
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

export const ListCard = <Row,>({ of: { value, problem }, ...card }: ListCardProps<Row>) => (
  <Card title={say(card.title)} tools={card.tools}>
    {card.hint && <p class="quiet">{say(card.hint)}</p>}
    <LoadState of={{ value, problem }} />
    {card.none && value?.length === 0 && <Empty>{say(card.none)}</Empty>}
    <ul class="lined history">
      {value?.map((row) => (
        <li key={card.id(row)} class="row">
          <span class="grow">{card.row(row)}</span>
          {card.buttons?.(row)}
        </li>
      ))}
    </ul>
    {card.children}
  </Card>
);

/** What the sheets of a day and of a month have in common: the choice of a lane, the table of lines, and what stands on their paper. */
import type { ComponentChildren } from 'preact';
import type { SessionInfo } from '../../page/api/api.ts';
import type { DaySheetView } from '../../page/api/api-account.ts';
import type { EvidenceView } from '../../page/api/api-intake.ts';
import { daySheetText, SHEET_COLUMNS, SHEET_SUMS } from '../../text/page/account.ts';
import { type Text, yuan } from '../../text/text.ts';
import { useLoad } from '../fetch.ts';
import { SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import { go, place } from '../route.ts';
import { ColumnTable } from '../table.tsx';
import { clock as clockOf, day as dayOf } from '../time.tsx';

export type SheetSums = DaySheetView['byLane'][number];

/** At the head of the paper: what was printed where, when and by whom, and the line for a name. */
export function Signature() {
  const overview = useOverview();
  const user = useLoad<SessionInfo>('session').value?.user;
  const signed = useLoad<EvidenceView>('evidence').value?.signed;
  if (overview === undefined) return null;
  const at = `${dayOf(overview.atWallMs)} ${clockOf(overview.atWallMs)}`;
  return (
    <p class="print-only signature">
      {say(daySheetText.printed(overview.parkUuid, location.host, at, user ?? ''))}
      {signed && ` ${say(daySheetText.chainHead(signed.last, signed.head.slice(0, 12)))}`}{' '}
      <span>{say(daySheetText.signature)}</span>
    </p>
  );
}

interface LanePickerProps {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly lane: string | undefined;
}

export function LanePicker({ path, query, lane }: LanePickerProps) {
  const lanes = useOverview()?.lanes ?? [];
  if (lanes.length < 2) return null;
  return (
    <SelectField
      label={daySheetText.lane}
      value={lane ?? ''}
      all={['', ...lanes.map(({ id }) => id)]}
      onValue={(id) => go(place(path, { ...query, lane: id }), true)}
      name={(id) => (id === '' ? say(daySheetText.allLanes) : (lanes.find((one) => one.id === id)?.name ?? id))}
    />
  );
}

interface LinesProps<Each> {
  readonly head: string;
  readonly lines: readonly Each[];
  readonly name: (key: string) => ComponentChildren;
  /** Before those of every sheet. */
  readonly more?: readonly { readonly head: Text; readonly of: (line: Each) => number }[];
}

export function Lines<Each extends SheetSums>({ head, lines, name, more = [] }: LinesProps<Each>) {
  const money = SHEET_SUMS.filter(({ of }) => lines.some((line) => line[of] !== 0));
  const figure = (title: Text, of: (line: Each) => number, shown = String as (value: number) => string) => ({
    head: say(title),
    of: (line: Each) => shown(of(line)),
    look: (line: Each) => (of(line) === 0 ? 'quiet' : ''),
  });
  return (
    <WideTable
      label={head}
      rows={lines}
      columns={[
        { head, of: ({ key }) => name(key), isName: true },
        ...more.map((each) => figure(each.head, each.of)),
        ...SHEET_COLUMNS.map((column) => figure(daySheetText[column], (line) => line[column])),
        ...money.map((sum) => figure(daySheetText[sum.head], (line) => line[sum.of], yuan)),
      ]}
    />
  );
}

/** Wider than a phone: it scrolls by itself, also by keyboard. */
export const WideTable = <Row,>({
  label,
  ...table
}: Parameters<typeof ColumnTable<Row>>[0] & { readonly label: string }) => (
  <section class="card account-lines">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
    <section class="scroll" tabIndex={0} aria-label={label}>
      <ColumnTable {...table} />
    </section>
  </section>
);

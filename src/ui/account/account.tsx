/** The day's sheet: does it close, what stands in which column, by lane and hour, thirty days, and what is worth asking. Prints on one A4. */
import type { ComponentChildren } from 'preact';
import type { DaySheetView } from '../../page/api/api-account.ts';
import type { EvidenceView } from '../../page/api/api-intake.ts';
import { hasRight } from '../../page/api/rights.ts';
import { yuan } from '../../text/money.ts';
import {
  accountPartText,
  columnText,
  daySheetText,
  equationText,
  questionText,
  SHEET_COLUMNS,
  SHEET_SUMS,
  sheetVerdict,
} from '../../text/page/account.ts';
import { paymentsText } from '../../text/page/payments.ts';
import { useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, Download, LoadState, ProblemBox } from '../parts.tsx';
import { Thumbnail } from '../picture.tsx';
import { go, place, search } from '../route.ts';
import { clock as clockOf, day as dayOf, Time } from '../time.tsx';
import { DayPicker } from './day-picker.tsx';
import { Headline } from './headline.tsx';
import { Payments } from './payments.tsx';
import { Trend } from './trend.tsx';

type Sums = DaySheetView['passages'];
type Line = DaySheetView['byLane'][number];

const shiftTime = (wallMs: number): string => `${dayOf(wallMs).slice(5)} ${clockOf(wallMs).slice(0, 5)}`;
const clock = (hour: number | string): string => `${String(hour).padStart(2, '0')}:00`;

export const AccountPage = (page: PageProps) =>
  page.route.path[1] === 'payments' ? <Payments route={page.route} /> : <DaySheetPage {...page} />;

function DaySheetPage({ route, role }: PageProps) {
  const { day, lane } = route.query;
  const sheet = useLoad<DaySheetView>(`account${search({ day, lane })}`);
  const seen = sheet.value;
  if (seen === undefined) return <LoadState of={sheet} />;
  return (
    <div class="day-sheet">
      <ProblemBox problem={sheet.problem} />
      <Tools seen={seen} />
      <h2 class="account-title">
        {say(daySheetText.title)} {seen.day}{' '}
        <small class="quiet">
          {seen.isToday && say(daySheetText.today)} {seen.isFinal && say(daySheetText.final)}{' '}
          {seen.lane === undefined ? say(daySheetText.allLanes) : nameOf(seen, seen.lane)}
        </small>
      </h2>
      {hasRight(role, 'viewer') && <Signature />}
      {seen.isEmpty ? <p class="quiet">{say(daySheetText.empty)}</p> : <Figures seen={seen} />}
      <Trend seen={seen} />
      {hasRight(role, 'viewer') && <Exports seen={seen} />}
    </div>
  );
}

/** At the head of the paper: what was printed where, when and by whom, and the line for a name. */
function Signature() {
  const overview = useOverview();
  const signed = useLoad<EvidenceView>('evidence').value?.signed;
  if (overview === undefined) return null;
  const at = `${dayOf(overview.atWallMs)} ${clockOf(overview.atWallMs)}`;
  return (
    <p class="print-only signature">
      {say(daySheetText.printed(overview.parkUuid, location.host, at))}
      {signed && ` ${say(daySheetText.chainHead(signed.last, signed.head.slice(0, 12)))}`}{' '}
      <span>{say(daySheetText.signature)}</span>
    </p>
  );
}

const nameOf = ({ lanes }: DaySheetView, id: string): string => lanes.find((lane) => lane.id === id)?.name ?? id;

function Tools({ seen }: { readonly seen: DaySheetView }) {
  const overview = useOverview();
  const { day, lane } = seen;
  const lanes = overview?.lanes ?? [];
  return (
    <div class="page-tools no-print">
      <DayPicker path="account" day={day} query={{ lane }} />
      {lanes.length > 1 && (
        <SelectField
          label={daySheetText.lane}
          value={lane ?? ''}
          all={['', ...lanes.map(({ id }) => id)]}
          onValue={(id) => go(place('account', { day, lane: id }), true)}
          name={(id) => (id === '' ? say(daySheetText.allLanes) : (lanes.find((one) => one.id === id)?.name ?? id))}
        />
      )}
      <Button onClick={() => print()}>{say(daySheetText.print)}</Button>
    </div>
  );
}

/** What a desk takes with it, and nobody looks for on a phone. */
const Exports = ({ seen: { day, lane } }: { readonly seen: DaySheetView }) => (
  <div class="row no-print">
    <Download path={`account.csv${search({ day, lane })}`}>{say(daySheetText.csv)}</Download>
    <Download path={`account.zip${search({ day, lane })}`}>{say(daySheetText.zip)}</Download>
    <a class="button" href={place('account/payments', { day })}>
      {say(paymentsText.link)}
    </a>
  </div>
);

function Figures({ seen }: { readonly seen: DaySheetView }) {
  const open = seen.gaps.length + seen.questions.length + seen.moreQuestions + seen.unseen.length;
  return (
    <>
      <Headline seen={seen} />
      <p class={open === 0 ? 'closes ok' : 'closes warn'}>{say(sheetVerdict(seen))}</p>
      {seen.unseen.map(({ lane, times, forMs }) => (
        <p key={lane} class="closes warn">
          {say(daySheetText.unseen(nameOf(seen, lane), times, forMs))}
        </p>
      ))}
      {seen.review.length > 0 && (
        <p class="account-review">
          {seen.review.map(say).join(' ')}{' '}
          {seen.reviewed.closed < seen.reviewed.records && (
            <a
              class="no-print"
              href={place('releases', { day: seen.day, to: seen.day, lane: seen.lane, marked: 'open' })}
            >
              {say(daySheetText.toOpen)}
            </a>
          )}
        </p>
      )}
      {open > 0 && <Questions seen={seen} />}
      {seen.asks.length > 0 && (
        <Card title={say(daySheetText.patterns)}>
          <ul>
            {seen.asks.map((ask) => (
              <li key={ask.zh}>{say(ask)}</li>
            ))}
          </ul>
          <HelpLink name="patterns" />
        </Card>
      )}
      {seen.byOperator.length > 0 && (
        <Lines head={say(daySheetText.operator)} lines={seen.byOperator} name={(operator) => operator} />
      )}
      {seen.byShift.length > 0 && (
        <Lines
          head={say(daySheetText.shift)}
          lines={seen.byShift}
          name={(key) => {
            const [since = '', operator = ''] = key.split('\t');
            return `${shiftTime(Number(since))} ${operator}`;
          }}
        />
      )}
      <Lines head={say(daySheetText.lane)} lines={seen.byLane} name={(id) => nameOf(seen, id)} />
      <div class="account-sums">
        <SumTable part="passage" sum={seen.passages} />
        <SumTable part="opening" sum={seen.openings} />
        <SumTable part="payment" sum={seen.payments}>
          {seen.ahead.told > 0 && <p class="quiet">{say(daySheetText.ahead(seen.ahead.told, seen.ahead.used))}</p>}
          <p class="quiet">{say(daySheetText.told)}</p>
        </SumTable>
        {seen.owed.columns.length > 0 && (
          <SumTable part="owed" sum={seen.owed}>
            <p class="quiet">{say(daySheetText.owed)}</p>
          </SumTable>
        )}
        {seen.extra.columns.length > 0 && <SumTable part="extra" sum={seen.extra} />}
        {seen.pairs.columns.length > 0 && <SumTable part="pair" sum={seen.pairs} />}
      </div>
      <Lines head={say(daySheetText.hour)} lines={seen.byHour} name={clock} />
    </>
  );
}

function Questions({ seen }: { readonly seen: DaySheetView }) {
  return (
    <Card title={say(daySheetText.questions)}>
      <ul class="lined account-questions">
        {seen.gaps.map(({ lane, hour, equation, left, right }) => (
          <li key={`${lane} ${hour} ${equation}`}>
            <a href={place('releases', { day: seen.day, to: seen.day, lane })}>{nameOf(seen, lane)}</a> {clock(hour)}{' '}
            {say(equationText[equation])}: <strong>{say(daySheetText.balance(left, right))}</strong>
          </li>
        ))}
        {seen.questions.map(({ lane, atWallMs, kind, plate, releaseId }) => {
          const record = seen.records.find((one) => one.lane === lane && one.releaseId === releaseId);
          return (
            <li key={`${lane} ${atWallMs} ${kind}`} class={record === undefined ? undefined : 'with-picture'}>
              {record !== undefined && (
                <a href={place(`releases/${record.id}`)} aria-label={say(daySheetText.record)}>
                  <Thumbnail row={record} />
                </a>
              )}
              <span>
                {nameOf(seen, lane)} <Time wallMs={atWallMs} /> {say(questionText[kind])} {plate}
              </span>
            </li>
          );
        })}
      </ul>
      {seen.moreQuestions > 0 && <p class="quiet">{say(daySheetText.moreQuestions(seen.moreQuestions))}</p>}
      <HelpLink name="questions" />
    </Card>
  );
}

interface SumProps {
  readonly part: 'opening' | 'extra' | 'passage' | 'payment' | 'owed' | 'pair';
  readonly sum: Sums;
  readonly children?: ComponentChildren;
}

function SumTable({ part, sum, children }: SumProps) {
  const hasSums = part === 'payment' || part === 'owed';
  return (
    <Card title={`${say(accountPartText[part])} ${sum.total}`}>
      <table class="account-sum">
        <tbody>
          {sum.columns.map(({ column, count, amount }) => (
            <tr key={column}>
              <th scope="row">{say(columnText(part, column))}</th>
              <td>{count}</td>
              {hasSums && <td>{amount === 0 ? '' : `¥${yuan(amount)}`}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {children}
    </Card>
  );
}

interface LinesProps {
  readonly head: string;
  readonly lines: readonly Line[];
  readonly name: (key: string) => string;
}

function Lines({ head, lines, name }: LinesProps) {
  const money = SHEET_SUMS.filter(({ of }) => lines.some((line) => line[of] !== 0));
  return (
    <section class="card account-lines">
      {/* Wider than a phone: the table scrolls by itself, also by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="scroll" tabIndex={0} aria-label={head}>
        <table>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              {SHEET_COLUMNS.map((column) => (
                <th scope="col" key={column}>
                  {say(daySheetText[column])}
                </th>
              ))}
              {money.map(({ of, head: title }) => (
                <th scope="col" key={of}>
                  {say(daySheetText[title])}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <th scope="row">{name(line.key)}</th>
                {SHEET_COLUMNS.map((column) => (
                  <td key={column} class={line[column] === 0 ? 'quiet' : ''}>
                    {line[column]}
                  </td>
                ))}
                {money.map(({ of }) => (
                  <td key={of} class={line[of] === 0 ? 'quiet' : ''}>
                    {yuan(line[of])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

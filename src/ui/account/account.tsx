/** The day's sheet: does it close, what stands in which column, by lane and hour, thirty days, and what is worth asking. Prints on one A4. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import type { DaySheetView } from '../../page/api/api-account.ts';
import { hasRight } from '../../page/api/rights.ts';
import {
  accountPartText,
  columnText,
  daySheetText,
  equationText,
  questionText,
  sheetVerdict,
} from '../../text/page/account.ts';
import { paymentsText } from '../../text/page/payments.made.ts';
import { yuan } from '../../text/text.ts';
import { useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, Download, LinkButton, LoadState, ProblemBox } from '../parts.tsx';
import { Thumbnail } from '../picture.tsx';
import { place, search } from '../route.ts';
import { clock as clockOf, day as dayOf, Time } from '../time.tsx';
import { DayPicker } from './day-picker.tsx';
import { Headline, type Sum } from './headline.tsx';
import { LanePicker, Lines, type SheetSums, Signature } from './lines.tsx';
import { MonthPage } from './month.tsx';
import { Payments } from './payments.tsx';
import { Trend } from './trend.tsx';

type Sums = DaySheetView['passages'];

const shiftTime = (wallMs: number): string => `${dayOf(wallMs).slice(5)} ${clockOf(wallMs).slice(0, 5)}`;
const clock = (hour: number | string): string => `${String(hour).padStart(2, '0')}:00`;

const PARTS: Readonly<Record<string, FunctionComponent<PageProps>>> = { payments: Payments, month: MonthPage };

export function AccountPage(page: PageProps) {
  const Part = PARTS[page.route.path[1] ?? ''] ?? DaySheetPage;
  return <Part {...page} />;
}

function DaySheetPage({ route, role }: PageProps) {
  const { day, lane } = route.query;
  const sheet = useLoad<DaySheetView>(`account${search({ day, lane })}`);
  const seen = sheet.value;
  if (seen === undefined) return <LoadState of={sheet} />;
  const isOffice = hasRight(role, 'viewer');
  return (
    <div class="day-sheet">
      <ProblemBox problem={sheet.problem} />
      <Tools seen={seen} isOffice={isOffice} />
      <h2 class="list-title">
        {say(daySheetText.title)} {seen.day}{' '}
        <small class="quiet">
          {seen.isToday && say(daySheetText.today)} {seen.isFinal && say(daySheetText.final)}{' '}
          {seen.lane === undefined ? say(daySheetText.allLanes) : nameOf(seen, seen.lane)}
        </small>
      </h2>
      {isOffice && <Signature />}
      {seen.isEmpty ? <p class="quiet">{say(daySheetText.empty)}</p> : <Figures seen={seen} />}
      <DayTrend seen={seen} />
      {isOffice && <Exports seen={seen} />}
    </div>
  );
}

const nameOf = ({ lanes }: DaySheetView, id: string): string => lanes.find((lane) => lane.id === id)?.name ?? id;

function Tools({ seen: { day, lane }, isOffice }: { readonly seen: DaySheetView; readonly isOffice: boolean }) {
  return (
    <div class="page-tools no-print">
      <DayPicker path="account" day={day} query={{ lane }} />
      <LanePicker path="account" query={{ day }} lane={lane} />
      <LinkButton
        to={place('account/month', { month: day.slice(0, 7), lane })}
        text={daySheetText.month}
        hidden={!isOffice}
      />
      <Button text={daySheetText.print} onClick={() => print()} />
    </div>
  );
}

/** What a desk takes with it, and nobody looks for on a phone. */
const Exports = ({ seen: { day, lane } }: { readonly seen: DaySheetView }) => (
  <div class="row no-print">
    <Download path={`account.csv${search({ day, lane })}`}>{say(daySheetText.csv)}</Download>
    <Download path={`account.zip${search({ day, lane })}`}>{say(daySheetText.zip)}</Download>
    <LinkButton to={place('account/payments', { day })} text={paymentsText.link} />
  </div>
);

function Figures({ seen }: { readonly seen: DaySheetView }) {
  const open = seen.gaps.length + seen.questions.length + seen.moreQuestions + seen.unseen.length;
  return (
    <>
      <Headline
        total={total(seen.byLane)}
        before={seen.trend[seen.trend.length - 8]}
        words={daySheetText.weekBefore}
        none={daySheetText.noWeekBefore}
      />
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

const total = (lines: readonly SheetSums[]): Sum => {
  const sum = { passages: 0, unpaid: 0, owedTold: 0, owedEstimated: 0, withoutSum: 0 };
  for (const line of lines) for (const of of Object.keys(sum) as (keyof Sum)[]) sum[of] += line[of];
  return sum;
};

function DayTrend({ seen: { day, lane, trend } }: { readonly seen: DaySheetView }) {
  const sum = total(trend);
  const paid = trend.reduce((all, { amount }) => all + amount, 0);
  return (
    <Trend title={daySheetText.trend} query={{ day, lane }} trend={trend}>
      {paid !== 0 && <p class="quiet">{say(daySheetText.trendPaid(yuan(paid)))}</p>}
      {sum.unpaid !== 0 && (
        <p class="quiet">
          {say(daySheetText.trendOwed(sum.unpaid, yuan(sum.owedTold), yuan(sum.owedEstimated), sum.withoutSum))}
        </p>
      )}
    </Trend>
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

/** Told versus counted: the payments of a day by sender and till, those not counted one by one, and what became of any. */
import { useState } from 'preact/hooks';
import type { PaymentFateView, PaymentSheetView } from '../../page/api/api-account.ts';
import { daySheetText } from '../../text/page/account.ts';
import { grantStatusText, paymentsText } from '../../text/page/payments.made.ts';
import { yuan } from '../../text/text.ts';
import { useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { Form, InputField } from '../inputs.tsx';
import { language, say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import {
  Badge,
  Button,
  Card,
  CheckRow,
  Download,
  Empty,
  LinkButton,
  LoadState,
  Note,
  ProblemBox,
  ShownFact,
  type Tone,
} from '../parts.tsx';
import { go, place, search } from '../route.ts';
import { day as dayOf, Time } from '../time.tsx';
import { DayPicker } from './day-picker.tsx';
import { WideTable } from './lines.tsx';

type Line = PaymentSheetView['lines'][number];
type Status = PaymentFateView['status'];

const PATH = 'account/payments';
const TONE: Readonly<Record<Status, Tone>> = {
  used: 'ok',
  late: 'ok',
  waiting: 'idle',
  unused: 'warn',
  expired: 'error',
  cancelled: 'idle',
  repeated: 'idle',
  replaced: 'idle',
};
/** The others have a column on a day on which they occur. */
const ALWAYS: readonly Status[] = ['used', 'late', 'unused', 'expired', 'cancelled'];
const toPayment = (id: string): string => place(`${PATH}/${encodeURIComponent(id)}`);

export function Payments({ route }: Pick<PageProps, 'route'>) {
  const [, , id] = route.path;
  return id === undefined ? <Day day={route.query.day} /> : <Fate id={id} />;
}

function Day({ day }: { readonly day: string | undefined }) {
  const sheet = useLoad<PaymentSheetView>(`payments${search({ day, lang: language() })}`);
  const seen = sheet.value;
  if (seen === undefined) return <LoadState of={sheet} />;
  return (
    <div class="day-sheet">
      <ProblemBox problem={sheet.problem} />
      <div class="page-tools no-print">
        <DayPicker path={PATH} day={seen.day} />
        <Download path={`payments.csv${search({ day: seen.day, lang: language() })}`}>{say(daySheetText.csv)}</Download>
        <Button text={daySheetText.print} onClick={() => print()} />
        <LinkButton to={place('account', { day: seen.day })} text={paymentsText.toSheet} />
      </div>
      <h2 class="list-title">
        {say(paymentsText.title)} {seen.day}
      </h2>
      {seen.lines.length === 0 ? <Empty>{say(paymentsText.none)}</Empty> : <Told seen={seen} />}
      <LookUp />
      <HelpLink name="fates" />
    </div>
  );
}

function Told({ seen }: { readonly seen: PaymentSheetView }) {
  const told = seen.lines.reduce((sum, line) => sum + line.told.count, 0);
  const missing = seen.notCounted.length + seen.moreNotCounted;
  return (
    <>
      <p class={missing === 0 ? 'closes ok' : 'closes warn'}>{say(paymentsText.sum(told, missing))}</p>
      <Lines lines={seen.lines} />
      {missing > 0 && (
        <Card title={say(paymentsText.notCounted)}>
          <ul class="lined columns checks">
            {seen.notCounted.map((fate) => (
              <CheckRow key={fate.id} tone={TONE[fate.status]} state={grantStatusText[fate.status]}>
                <Time wallMs={Date.parse(fate.toldAt)} show="clock" />{' '}
                {fate.plate && <span class="plate">{fate.plate}</span>} <a href={toPayment(fate.id)}>{fate.id}</a>{' '}
                <span class="quiet">{nameOf(fate)}</span>
                <p>{fate.why}</p>
              </CheckRow>
            ))}
          </ul>
          {seen.moreNotCounted > 0 && <p class="quiet">{say(paymentsText.more(seen.moreNotCounted))}</p>}
        </Card>
      )}
    </>
  );
}

const nameOf = ({ sender, till }: Pick<Line, 'sender' | 'till'>): string =>
  till === undefined ? sender : `${sender} · ${till}`;

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const [first] = lines;
  const statuses = (Object.keys(grantStatusText) as Status[]).filter(
    (status) => ALWAYS.includes(status) || lines.some(({ by }) => by[status].count > 0),
  );
  const hasMoney = lines.some(({ told }) => told.amount > 0);
  const rows: readonly Line[] =
    lines.length > 1 && first !== undefined ? [...lines, lines.slice(1).reduce(plus, first)] : lines;
  const money = [
    { head: say(paymentsText.toldAmount), of: ({ told }: Line) => yuan(told.amount) },
    { head: say(paymentsText.countedAmount), of: ({ by }: Line) => yuan(by.used.amount + by.late.amount) },
  ];
  return (
    <WideTable
      label={say(paymentsText.title)}
      rows={rows}
      columns={[
        {
          head: `${say(paymentsText.sender)} · ${say(paymentsText.till)}`,
          of: (line) => (lines.includes(line) ? nameOf(line) : say(paymentsText.total)),
          isName: true,
        },
        { head: say(paymentsText.told), of: ({ told }) => told.count },
        ...statuses.map((status) => ({
          head: say(grantStatusText[status]),
          of: ({ by }: Line) => by[status].count,
          look: ({ by }: Line) => (by[status].count === 0 ? 'quiet' : ''),
        })),
        ...(hasMoney ? money : []),
      ]}
    />
  );
}

type PaymentSum = Line['told'];
const sumOf = (one: PaymentSum, other: PaymentSum): PaymentSum => ({
  count: one.count + other.count,
  amount: one.amount + other.amount,
});

const plus = (sum: Line, line: Line): Line => ({
  sender: '',
  told: sumOf(sum.told, line.told),
  by: Object.fromEntries(
    Object.entries(sum.by).map(([status, each]) => [status, sumOf(each, line.by[status as Status])]),
  ) as Line['by'],
});

function LookUp() {
  const [id, setId] = useState('');
  return (
    <Card title={say(paymentsText.find)}>
      <div class="no-print">
        <Form send={paymentsText.look} off={id.trim() === ''} onSend={() => go(toPayment(id.trim()))}>
          <InputField label={paymentsText.id} value={id} onValue={setId} maxLength={200} />
        </Form>
      </div>
    </Card>
  );
}

function Fate({ id }: { readonly id: string }) {
  const { value: fate, problem } = useLoad<PaymentFateView>(
    `payments/${encodeURIComponent(id)}${search({ lang: language() })}`,
  );
  if (fate === undefined && problem?.code === 'notFound')
    return (
      <>
        <Note level="warn">{say(paymentsText.unknown)}</Note>
        <LookUp />
      </>
    );
  if (fate === undefined) return <LoadState of={{ value: fate, problem }} />;
  const day = dayOf(Date.parse(fate.toldAt));
  return (
    <div class="payment-fate">
      <Card
        title={`${say(paymentsText.id)} ${fate.id}`}
        tools={<Badge tone={TONE[fate.status]}>{say(grantStatusText[fate.status])}</Badge>}
      >
        <p>{fate.why}</p>
        <dl class="facts">
          <ShownFact name={paymentsText.toldAt}>
            <Time wallMs={Date.parse(fate.toldAt)} show="full" />
          </ShownFact>
          <ShownFact name={paymentsText.sender}>{nameOf(fate)}</ShownFact>
          <ShownFact name={paymentsText.plate}>{fate.plate && <span class="plate">{fate.plate}</span>}</ShownFact>
          <ShownFact name={paymentsText.lane}>{fate.lane ?? say(paymentsText.anyLane)}</ShownFact>
          <ShownFact name={paymentsText.amount}>{fate.amount !== undefined && yuan(fate.amount)}</ShownFact>
          <ShownFact name={paymentsText.count}>{say(paymentsText.countOf(fate.count, fate.left))}</ShownFact>
          <ShownFact name={paymentsText.uses}>
            {fate.uses.length > 0 &&
              fate.uses.map(({ lane, at }) => (
                <div key={at}>
                  {lane} <Time wallMs={Date.parse(at)} show="full" />
                </div>
              ))}
          </ShownFact>
          <ShownFact name={paymentsText.endedAt}>
            {fate.endedAt !== undefined && <Time wallMs={Date.parse(fate.endedAt)} show="full" />}
          </ShownFact>
        </dl>
        <p class="row">
          <LinkButton to={place(PATH, { day })} text={paymentsText.allOfDay} />
          {/* Masked, it finds nothing. */}
          {fate.plate !== undefined && !fate.plate.includes('*') && (
            <LinkButton to={place('releases', { day, to: day, plate: fate.plate })} text={paymentsText.releases} />
          )}
        </p>
      </Card>
      <LookUp />
    </div>
  );
}

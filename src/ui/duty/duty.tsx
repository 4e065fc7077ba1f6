/** Who is on duty: signing on by PIN, gaps and overlaps; for the office also the PINs, the reasons of review and the known vehicles. */
import { useState } from 'preact/hooks';
import type { DutyView, VehicleCsvResult } from '../../page/api/api-duty.ts';
import { PIN_FORM } from '../../page/api/forms.ts';
import { hasRight } from '../../page/api/rights.ts';
import { dutyPageText } from '../../text/page/ui-duty.made.ts';
import { operatorSource } from '../../text/page/ui-review.ts';
import { waitingText } from '../../text/page/waiting.ts';
import { plain } from '../../text/text.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { FileField, Form, InputField, SelectField, Tick, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { ListCard } from '../list-card.tsx';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, Empty, LoadState, Note, ProblemBox, ShownFact } from '../parts.tsx';
import { place } from '../route.ts';
import { Time } from '../time.tsx';
import { Reasons } from './reasons.tsx';

export function Duty({ role }: PageProps) {
  const duty = useLoad<DutyView>('duty');
  const view = duty.value;
  if (view === undefined) return <LoadState of={duty} />;
  return (
    <div class="grid two">
      <Now view={view} onDone={duty.reload} />
      <SignOn view={view} onDone={duty.reload} />
      <Oddities view={view} />
      {hasRight(role, 'operator') && <PinList view={view} onDone={duty.reload} />}
      {hasRight(role, 'operator') && <Vehicles view={view} onDone={duty.reload} />}
      {hasRight(role, 'operator') && <Reasons />}
    </div>
  );
}

interface DutyProps {
  readonly view: DutyView;
  readonly onDone: () => void;
}

function Now({ view, onDone }: DutyProps) {
  const action = useAction();
  const affirm = () => action.run(() => box.post('duty/affirm'), onDone);
  return (
    <Card title={say(dutyPageText.onDuty)}>
      <dl class="facts">
        {view.lanes.map(({ id, name, operator, by, sinceWallMs }) => (
          <ShownFact key={id} name={plain(name)}>
            {operator === undefined ? (
              <span class="quiet">{say(dutyPageText.nobody)}</span>
            ) : (
              <>
                <strong>{operator}</strong> {by && <span class="quiet">{say(operatorSource[by])}</span>}{' '}
                {sinceWallMs !== undefined && (
                  <span class="quiet">
                    {say(dutyPageText.since)} <Time wallMs={sinceWallMs} />
                  </span>
                )}
              </>
            )}
          </ShownFact>
        ))}
      </dl>
      <p>
        <a href={place('releases', { marked: 'open' })}>{say(dutyPageText.open(view.open, view.openMore === true))}</a>
      </p>
      <ProblemBox problem={action.problem} />
      {view.lanes.some(({ operator }) => operator !== undefined) && (
        <div class="row above">
          <Button text={dutyPageText.affirm} onClick={affirm} busy={action.busy} />
        </div>
      )}
      <HelpLink name="duty" />
    </Card>
  );
}

const PIN = { secret: true, maxLength: 6, pattern: PIN_FORM.source, autocomplete: 'off' } as const;
const isPin = (typed: string): boolean => PIN_FORM.test(typed);

function SignOn({ view, onDone }: DutyProps) {
  const [chosen, setOperator] = useState('');
  // The list may have been empty when the page was opened, and names may go.
  const operator = view.operators.includes(chosen) ? chosen : (view.operators[0] ?? '');
  const [pin, setPin] = useState('');
  /** Asked for when the PIN was set by somebody else. */
  const [newPin, setNewPin] = useState<string | undefined>();
  const [at, setAt] = useState('');
  const [done, setDone] = useState('');
  const action = useAction();
  const send = async (what: 'sign-on' | 'sign-off'): Promise<void> => {
    const lanes =
      view.booths.find(({ name }) => name === at)?.lanes ?? (view.lanes.some(({ id }) => id === at) ? [at] : undefined);
    const chosen = newPin === undefined || newPin === '' ? {} : { newPin };
    const answer = await action.run(() =>
      box.post(`duty/${what}`, { operator, pin, ...chosen, ...(lanes && { lanes }) }),
    );
    if (!answer.ok && answer.problem.code === 'pinToChange') return setNewPin('');
    setPin('');
    setNewPin(undefined);
    if (!answer.ok) return;
    setDone(operator);
    onDone();
  };
  const places = ['', ...view.booths.map(({ name }) => name), ...view.lanes.map(({ id }) => id)];
  const nameOf = (each: string): string =>
    each === '' ? say(dutyPageText.allLanes) : (view.lanes.find(({ id }) => id === each)?.name ?? each);
  return (
    <Card title={say(dutyPageText.signOn)}>
      {view.operators.length === 0 ? (
        <Empty>{say(dutyPageText.noPins)}</Empty>
      ) : (
        <Form send={dutyPageText.signOn} action={action} off={!isPin(pin)} onSend={() => send('sign-on')}>
          <SelectField label={dutyPageText.operator} value={operator} all={view.operators} onValue={setOperator} />
          <InputField label={dutyPageText.pin} {...PIN} value={pin} onValue={setPin} />
          {newPin !== undefined && (
            <InputField label={dutyPageText.newPin} {...PIN} value={newPin} onValue={setNewPin} />
          )}
          <SelectField label={dutyPageText.place} value={at} all={places} onValue={setAt} name={nameOf} />
          {done !== '' && action.problem === undefined && <Note level="ok">{say(dutyPageText.done(done))}</Note>}
          <p class="above">
            <Button onClick={() => send('sign-off')} busy={action.busy} disabled={!isPin(pin)}>
              {say(dutyPageText.signOff)}
            </Button>
          </p>
        </Form>
      )}
    </Card>
  );
}

const Oddities = ({ view }: { readonly view: DutyView }) => (
  <ListCard
    title={dutyPageText.oddities}
    of={{ value: view.oddities }}
    none={dutyPageText.noOddities}
    id={({ lane, fromWallMs }) => `${lane} ${fromWallMs}`}
    row={({ lane, fromWallMs, toWallMs, operators }) => (
      <>
        {view.lanes.find(({ id }) => id === lane)?.name ?? lane} · <Time wallMs={fromWallMs} /> –{' '}
        <Time wallMs={toWallMs} show="clock" /> ·{' '}
        {operators.length === 0 ? say(dutyPageText.nobody) : operators.join('、')}
      </>
    )}
  />
);

function PinList({ view, onDone }: DutyProps) {
  const { values, field, clear } = useFields({ operator: '', pin: '' });
  const operator = values.operator.trim();
  const action = useAction();
  const done = (): void => {
    clear();
    onDone();
  };
  const put = (body: object) => action.run(() => box.put('duty/pins', body), done);
  return (
    <ListCard
      title={dutyPageText.pins}
      hint={dutyPageText.pinsHint}
      of={{ value: view.operators }}
      id={(name) => name}
      row={(name) => name}
      buttons={(name) => (
        <Button onClick={() => put({ operator: name })} label={`${say(dutyPageText.removePin)} ${name}`}>
          {say(dutyPageText.removePin)}
        </Button>
      )}
    >
      <Form
        send={dutyPageText.setPin}
        action={action}
        off={operator === '' || !isPin(values.pin)}
        onSend={() => put({ ...values, operator })}
      >
        <InputField label={dutyPageText.operator} maxLength={40} {...field('operator')} />
        <InputField label={dutyPageText.pin} {...PIN} {...field('pin')} />
      </Form>
    </ListCard>
  );
}

function Vehicles({ view, onDone }: DutyProps) {
  const [file, setFile] = useState<File | undefined>();
  const [isWhole, setWhole] = useState(false);
  const [result, setResult] = useState<VehicleCsvResult | undefined>();
  const action = useAction();
  const send = async (): Promise<void> => {
    if (file === undefined) return;
    setResult(undefined);
    const path = `vehicles${isWhole ? '?replace=1' : ''}`;
    const answer = await action.run(() => box.put<VehicleCsvResult>(path, file, { 'content-type': 'text/csv' }));
    if (!answer.ok) return;
    setResult(answer.value);
    onDone();
  };
  return (
    <Card title={say(dutyPageText.vehicles)}>
      <p>{say(dutyPageText.vehicleCount(view.vehicles))}</p>
      <p class="quiet">{say(dutyPageText.csvHint)}</p>
      <Form send={dutyPageText.upload} action={action} off={file === undefined} onSend={send}>
        <FileField label={dutyPageText.csvFile} accept=".csv,.txt,text/csv" onFile={setFile} />
        <Tick text={dutyPageText.replace} on={isWhole} onValue={setWhole} />
        {result?.waits && <Note level="warn">{say(waitingText.held)}</Note>}
        {result && !result.waits && <Note level="ok">{say(dutyPageText.uploaded(result.taken, result.removed))}</Note>}
      </Form>
    </Card>
  );
}

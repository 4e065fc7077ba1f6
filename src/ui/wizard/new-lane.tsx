/** Another lane of a box that has one: what is known is filled in, and the lesson by one car follows. */
import { useEffect, useState } from 'preact/hooks';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { overviewPageText } from '../../text/page/ui-overview.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { box, useEvery } from '../fetch.ts';
import { SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import { Button, Card, Note } from '../parts.tsx';
import { go, place } from '../route.ts';
import { AddDevice } from './add-device.tsx';
import { useApply } from './apply.tsx';
import { BusStep, type Picked } from './bus.tsx';
import type { LaneEntry } from './first-form.ts';
import { WhichLane } from './first-lane.tsx';
import { Ports } from './ports.tsx';
import { SettingsForm } from './settings.tsx';

interface NewLaneProps {
  readonly choices: CommissioningChoices;
  readonly onChange: () => void;
}

const [TEST_MINUTES, AGAIN_MS] = [30, 500];
const deviceOf = (point: string): string => point.slice(0, point.indexOf('.'));

export function NewLane({ choices, onChange }: NewLaneProps) {
  const { lanes, free } = choices;
  const [lane, setLane] = useState<LaneEntry>(() => ({ ...nextOf(lanes), direction: 'exit' }));
  const boards = [...new Set(free.map(deviceOf))];
  const [chosen, setChosen] = useState('');
  const [isWritten, setWritten] = useState(false);
  const [more, setMore] = useState(free.length === 0);
  // A board that a second person agreed to is there without a tap.
  useEffect(onChange, [useOverview()?.devices.length]);
  const board = boards.includes(chosen) ? chosen : (boards[boards.length - 1] ?? '');
  const apply = useApply(() => void begin());
  // What happens before its inputs are known is no opening: until the acceptance the lane is in maintenance.
  const begin = async (): Promise<void> => {
    const reason = say(overviewPageText.newLane);
    await box.post(`lanes/${encodeURIComponent(lane.id)}/maintenance`, { minutes: TEST_MINUTES, reason });
    setWritten(true);
  };
  const taken = lanes.some(({ id }) => id === lane.id);
  // Until it is among them the wizard would show the wiring test of the first lane.
  useEvery(isWritten && !taken ? AGAIN_MS : undefined, onChange);
  useEffect(() => {
    if (isWritten && taken) go(place(`wizard/${encodeURIComponent(lane.id)}/wiring`));
  }, [isWritten, taken]);
  // A lane needs an input: until the wiring test, the first free one of the board stands for the lower limit of the arm.
  const down = free.find((point) => deviceOf(point) === board);
  const write = (): Promise<void> =>
    apply.run([{ path: ['lanes', lanes.length], value: { ...lane, points: { down } } }]);
  return (
    <>
      <Card title={say(overviewPageText.newLane)}>
        <SettingsForm send={wizardText.write} action={apply} off={down === undefined || taken} onSend={write}>
          <WhichLane lane={lane} fault={taken && !isWritten ? wizardText.laneTaken : undefined} onLane={setLane} />
          {board === '' ? (
            <Note level="warn">{say(wizardText.noFreeInput)}</Note>
          ) : (
            <SelectField
              label={wizardText.boardOfLane}
              value={board}
              all={boards}
              onValue={setChosen}
              name={(id) => say(wizardText.freeInputs(id, free.filter((point) => deviceOf(point) === id).length))}
            />
          )}
        </SettingsForm>
      </Card>
      {more ? (
        <AnotherBoard choices={choices} onChange={onChange} />
      ) : (
        <Button text={wizardText.anotherBoard} onClick={() => setMore(true)} />
      )}
    </>
  );
}

function AnotherBoard({ choices, onChange }: NewLaneProps) {
  const [port, setPort] = useState(choices.lines[0]?.port ?? choices.ports[0]?.port ?? '');
  const [picked, setPicked] = useState<Picked | undefined>();
  return (
    <>
      <Ports ports={choices.ports} port={port} onPort={setPort} onRefresh={onChange} />
      <BusStep choices={choices} port={port} onPick={setPicked} />
      {picked && <AddDevice key={JSON.stringify(picked)} atOnce {...{ picked, port, choices, onChange }} />}
    </>
  );
}

/** The number and the letter after those that are there: 1002 and 通道B after 1001 and 通道A. */
function nextOf(lanes: CommissioningChoices['lanes']): { readonly id: string; readonly name: string } {
  const last = lanes[lanes.length - 1];
  const numbers = lanes.map(({ id }) => Number(id)).filter((number) => Number.isInteger(number));
  const id = numbers.length === 0 ? '' : `${Math.max(...numbers) + 1}`;
  const name = (last?.name ?? '').replace(/[A-Y]$/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 1));
  return { id, name: lanes.some((lane) => lane.name === name) ? '' : name };
}

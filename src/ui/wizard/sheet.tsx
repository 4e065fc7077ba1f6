/** Last step: the acceptance sheet. What is printed stands in both languages, whatever the page speaks. */
import { useState } from 'preact/hooks';
import type { AcceptanceSheet } from '../../page/api-wizard.ts';
import { directionName, nameOfSignal } from '../../text/page/ui-lane.ts';
import { partText } from '../../text/page/ui-parts.ts';
import { sheetText, wizardText } from '../../text/page/ui-wizard.ts';
import type { Text } from '../../text/text.ts';
import { box, boxAddress, useAction } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Card, Dialog, ProblemBox } from '../parts.tsx';
import { clock, day } from '../time.tsx';
import { InputField } from './inputs.tsx';

interface SheetProps {
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
}

const both = ({ zh, en }: Text): string => `${zh} ${en}`;
const moment = (wallMs: number): string => `${day(wallMs)} ${clock(wallMs)}`;

export function Sheet({ sheet, onChange }: SheetProps) {
  const [notes, setNotes] = useState(sheet.notes);
  const [asking, setAsking] = useState(false);
  const action = useAction();
  const path = `commissioning/${encodeURIComponent(sheet.lane)}`;
  const save = async (): Promise<void> => {
    if ((await action.run(() => box.put(path, notes))).ok) onChange();
  };
  const clear = async (): Promise<void> => {
    if (!(await action.run(() => box.remove(path))).ok) return;
    setNotes({});
    setAsking(false);
    onChange();
  };
  return (
    <>
      <div class="no-print">
        <Card>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void save().then(() => print());
            }}
          >
            <InputField
              label={wizardText.site}
              value={notes.site ?? ''}
              onValue={(site) => setNotes({ ...notes, site })}
            />
            <InputField
              label={wizardText.installer}
              value={notes.installer ?? ''}
              onValue={(installer) => setNotes({ ...notes, installer })}
            />
            <InputField
              label={wizardText.remarks}
              value={notes.remarks ?? ''}
              onValue={(remarks) => setNotes({ ...notes, remarks })}
            />
            <div class="row">
              <Button look="main" submit busy={action.busy}>
                {say(wizardText.print)}
              </Button>
              <Button onClick={save} busy={action.busy}>
                {say(partText.save)}
              </Button>
              <Button look="danger" onClick={() => setAsking(true)}>
                {say(wizardText.clear)}
              </Button>
            </div>
          </form>
          <p class="hint above">{say(wizardText.printHint)}</p>
          <ProblemBox problem={action.problem} />
        </Card>
      </div>
      <Paper sheet={{ ...sheet, notes }} path={path} />
      {asking && (
        <Dialog title={say(wizardText.clear)} onClose={() => setAsking(false)}>
          <p>{say(wizardText.clearAsk)}</p>
          <div class="foot">
            <Button onClick={() => setAsking(false)}>{say(partText.cancel)}</Button>
            <Button look="danger" onClick={clear} busy={action.busy}>
              {say(wizardText.clear)}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Paper({ sheet, path }: { readonly sheet: AcceptanceSheet; readonly path: string }) {
  const { lane, laneName, direction, parkUuid, version, cloudMode, points, snapshot, told, rehearsal, notes } = sheet;
  const way = directionName[direction as keyof typeof directionName];
  const facts: readonly (readonly [Text, string])[] = [
    [sheetText.site, notes.site ?? ''],
    [sheetText.lane, `${laneName} (${lane}) ${both(way)}`],
    [sheetText.park, parkUuid],
    [sheetText.version, `lanewarden ${version}`],
    [sheetText.mode, cloudMode],
    [
      sheetText.paid,
      told === undefined
        ? both(sheetText.no)
        : [moment(told.atWallMs), told.plate, told.source].filter(Boolean).join(' · '),
    ],
    [
      sheetText.rehearsal,
      rehearsal === undefined
        ? both(sheetText.no)
        : [
            both(rehearsal.ok ? sheetText.passed : sheetText.failed),
            moment(rehearsal.atWallMs),
            rehearsal.code,
            rehearsal.seqno,
            rehearsal.serial,
          ]
            .filter(Boolean)
            .join(' · '),
    ],
    [sheetText.remarks, notes.remarks ?? ''],
  ];
  return (
    <article class="paper card">
      <h2>{both(sheetText.title)}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <>
            <dt>{both(name)}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      <table>
        <thead>
          <tr>
            <th>{both(sheetText.signal)}</th>
            <th>{both(sheetText.point)}</th>
            <th>{both(sheetText.polarity)}</th>
            <th>{both(sheetText.testedAt)}</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ role, device, point, activeLow, testedWallMs }) => (
            <tr key={role}>
              <th scope="row">{both(nameOfSignal(role))}</th>
              <td class="mono">
                {device}.{point}
              </td>
              <td>{both(activeLow ? sheetText.inverted : sheetText.straight)}</td>
              <td>{testedWallMs === undefined ? both(sheetText.no) : moment(testedWallMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {snapshot && (
        <figure class="shot">
          <figcaption>
            {both(sheetText.picture)} · {snapshot.camera} · {moment(snapshot.atWallMs)}
          </figcaption>
          <img
            src={boxAddress(`${path}/picture?${snapshot.atWallMs}`)}
            alt={both(sheetText.picture)}
            width={snapshot.width}
            height={snapshot.height}
          />
        </figure>
      )}
      <div class="signs">
        {[sheetText.installer, sheetText.operator].map((who) => (
          <p key={who.en}>
            {both(who)}: {who === sheetText.installer ? notes.installer : ''}
            <span class="sign-line">{both(sheetText.signature)}</span>
            <span class="sign-line">{both(sheetText.date)}</span>
          </p>
        ))}
      </div>
    </article>
  );
}

/** Last step: the acceptance sheet, printed in both languages. */
import { useEffect } from 'preact/hooks';
import type { AcceptanceSheet, SheetPoint } from '../../page/api/api-wizard.ts';
import { reportingText } from '../../text/lanes/reporting.ts';
import { directionName, nameOfSignal, sheetText } from '../../text/page/ui-lane.ts';
import { stepName, wizardText } from '../../text/page/ui-wizard.ts';
import { acceptText, earningText } from '../../text/page/wizard/steps.made.ts';
import { wiringText } from '../../text/page/wizard/wiring.made.ts';
import type { Text } from '../../text/text.ts';
import { box, boxAddress, useAction } from '../fetch.ts';
import { Form, InputField, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Card, Note, ProblemBox } from '../parts.tsx';
import { place } from '../route.ts';
import { ColumnTable, type TableColumn } from '../table.tsx';
import { clock, day } from '../time.tsx';
import { seenAs } from './wiring.tsx';

const both = ({ zh, en }: Text): string => `${zh} ${en}`;
const moment = (wallMs: number): string => `${day(wallMs)} ${clock(wallMs)}`;

export function Sheet({ sheet, onChange }: { readonly sheet: AcceptanceSheet; readonly onChange: () => void }) {
  const { values: notes, field } = useFields({ site: '', installer: '', remarks: '', ...sheet.notes });
  const action = useAction();
  // Tests end, and cars drive, while the other steps are open.
  useEffect(onChange, []);
  const path = `commissioning/${encodeURIComponent(sheet.lane)}`;
  const save = () => action.run(() => box.put(path, notes), onChange);
  const accept = () =>
    action.run(async () => {
      const ended = await box.post(`lanes/${encodeURIComponent(sheet.lane)}/maintenance`, { off: true });
      return ended.ok ? box.put(path, { ...notes, accepted: true }) : ended;
    }, onChange);
  return (
    <>
      <div class="no-print">
        {(sheet.maintenance || sheet.acceptedWallMs === undefined) && (
          <Note level="warn">
            <p>{say(sheet.maintenance ? wizardText.inTest : acceptText.notYet)}</p>
            <p class="above">
              <Button look="main" busy={action.busy} onClick={accept}>
                {say(sheet.reporting.earned === undefined ? acceptText.endKept : wizardText.endTest)}
              </Button>
            </p>
          </Note>
        )}
        {!sheet.maintenance && sheet.acceptedWallMs !== undefined && (
          <Accepted sheet={sheet} atWallMs={sheet.acceptedWallMs} />
        )}
        <Card>
          <Form send={wizardText.print} action={{ busy: action.busy }} onSend={() => save().then(() => print())}>
            <InputField label={wizardText.site} {...field('site')} />
            <InputField label={wizardText.installer} {...field('installer')} />
            <InputField label={wizardText.remarks} {...field('remarks')} />
          </Form>
          <p class="hint above">{say(wizardText.printHint)}</p>
          <ProblemBox problem={action.problem} />
        </Card>
      </div>
      <Paper sheet={{ ...sheet, notes }} path={path} />
    </>
  );
}

/** Plainly, whether it reports now. */
const Accepted = ({ sheet, atWallMs }: { readonly sheet: AcceptanceSheet; readonly atWallMs: number }) =>
  sheet.reporting.earned === undefined ? (
    <Note level="warn">
      {say(acceptText.keptBack(moment(atWallMs)))}{' '}
      <a href={place(`wizard/${encodeURIComponent(sheet.lane)}/paid`)}>{say(acceptText.toPayments)}</a>
    </Note>
  ) : (
    <Note level="ok">
      {say(acceptText.reports(moment(atWallMs)))} <a href={place('releases')}>{say(acceptText.last)}</a>
    </Note>
  );

function Paper({ sheet, path }: { readonly sheet: AcceptanceSheet; readonly path: string }) {
  const { points, snapshot, notes } = sheet;
  return (
    <article class="paper card">
      <h2>{both(sheetText.title)}</h2>
      <dl class="facts">
        {factsOf(sheet).map(([name, value]) => (
          <>
            <dt>{both(name)}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      <ColumnTable columns={POINTS} rows={points} />
      {sheet.unproven.length > 0 && <NotProven unproven={sheet.unproven} />}
      <Seen title={sheetText.can} what={sheet.can} />
      {sheet.limits.length > 0 && <Seen title={sheetText.limits} what={sheet.limits} />}
      {snapshot && (
        <figure class="shot">
          <figcaption>
            {both(stepName.camera)} · {snapshot.camera} · {moment(snapshot.atWallMs)}
          </figcaption>
          <img
            src={boxAddress(`${path}/picture?${snapshot.atWallMs}`)}
            alt={both(stepName.camera)}
            width={snapshot.width}
            height={snapshot.height}
          />
        </figure>
      )}
      <div class="signs">
        {[wizardText.installer, sheetText.operator].map((who) => (
          <p key={who.en}>
            {both(who)}: {who === wizardText.installer ? notes.installer : ''}
            <span class="sign-line">{both(sheetText.signature)}</span>
            <span class="sign-line">{both(sheetText.date)}</span>
          </p>
        ))}
      </div>
    </article>
  );
}

type PaperFact = readonly [Text, string];

function factsOf(sheet: AcceptanceSheet): readonly PaperFact[] {
  const { lane, laneName, direction, parkUuid, version, evidenceKey, cloudMode, told, rehearsal, notes } = sheet;
  const way = directionName[direction as keyof typeof directionName];
  const { earned, missing } = sheet.reporting;
  return [
    [wizardText.site, notes.site ?? ''],
    [wizardText.lane, `${laneName} (${lane}) ${both(way)}`],
    [wizardText.parkUuid, parkUuid],
    [sheetText.version, `lanewarden ${version}`],
    ...(evidenceKey === undefined ? [] : [[sheetText.evidenceKey, evidenceKey] as const]),
    [sheetText.mode, cloudMode],
    [
      stepName.paid,
      told === undefined
        ? both(wizardText.untested)
        : [moment(told.atWallMs), told.plate, told.source].filter(Boolean).join(' · '),
    ],
    [earningText.title, both(earned === undefined ? reportingText.notYet(missing) : reportingText.earned(earned))],
    [
      stepName.cloud,
      rehearsal === undefined
        ? both(wizardText.untested)
        : [
            both(rehearsal.ok ? wizardText.passed : wizardText.failed),
            moment(rehearsal.atWallMs),
            rehearsal.code,
            rehearsal.seqno,
            rehearsal.serial,
          ]
            .filter(Boolean)
            .join(' · '),
    ],
    [wizardText.remarks, notes.remarks ?? ''],
  ];
}

function NotProven({ unproven }: Pick<AcceptanceSheet, 'unproven'>) {
  return (
    <>
      <h3>{both(sheetText.unproven)}</h3>
      <ul class="unproven">
        {unproven.flatMap(({ device, what }) =>
          what.map((text) => (
            <li key={`${device} ${text.en}`}>
              <code>{device}</code> {both(text)}
            </li>
          )),
        )}
      </ul>
    </>
  );
}

const testOf = ({ role, testedWallMs, confirmed }: SheetPoint): string => {
  if (testedWallMs !== undefined) return moment(testedWallMs);
  if (confirmed === undefined) return both(wizardText.untested);
  return `${moment(confirmed.wallMs)} ${both(wiringText.confirmed)}: ${both(seenAs(role, confirmed))}`;
};

const POINTS: readonly TableColumn<SheetPoint>[] = [
  { head: both(sheetText.signal), of: ({ role }) => both(nameOfSignal(role)), isName: true },
  { head: both(sheetText.point), of: ({ device, point }) => `${device}.${point}`, look: () => 'mono' },
  {
    head: both(sheetText.polarity),
    of: ({ activeLow }) => both(activeLow ? wizardText.inverted : sheetText.straight),
  },
  { head: both(wizardText.tested), of: testOf },
];

const Seen = ({ title, what }: { readonly title: Text; readonly what: readonly Text[] }) => (
  <>
    <h3>{both(title)}</h3>
    <ul class="unproven">
      {what.map((text) => (
        <li key={text.en}>{say(text)}</li>
      ))}
    </ul>
  </>
);

/** Which kinds of payment the management system reports. Only a system that reports all of them reveals an opening by the booth's software. */
import { useState } from 'preact/hooks';
import { reportedKind, wizardText } from '../../text/page/ui-wizard.ts';
import { Tick } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';

const KINDS = Object.keys(reportedKind);

export function ReportedKinds({
  reported,
  onChange,
}: {
  readonly reported: readonly string[];
  readonly onChange: () => void;
}) {
  const [chosen, setChosen] = useState(reported);
  const apply = useApply(onChange);
  const missing = KINDS.filter((kind) => !chosen.includes(kind));
  const choose = (kind: string, on: boolean): void =>
    setChosen(KINDS.filter((each) => (each === kind ? on : chosen.includes(each))));
  return (
    <fieldset>
      <legend>{say(wizardText.reports)}</legend>
      {Object.entries(reportedKind).map(([kind, text]) => (
        <Tick key={kind} text={text} on={chosen.includes(kind)} onValue={(on) => choose(kind, on)} />
      ))}
      <Note level={missing.length === 0 ? 'ok' : 'warn'}>
        {say(missing.length === 0 ? wizardText.reportsAll : wizardText.reportsSome)}
      </Note>
      <Button busy={apply.busy} onClick={() => apply.run([{ path: ['intake', 'tells'], value: chosen }])}>
        {say(wizardText.reportsSave)}
      </Button>
      {apply.state}
    </fieldset>
  );
}

/** Which kinds of payment the management system reports. Only a system that reports all of them reveals an opening by the booth's software. */
import { useState } from 'preact/hooks';
import { reportedKind, wizardText } from '../../text/page/ui-wizard.ts';
import { Ticks } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';

const KINDS = Object.entries(reportedKind);

interface ReportedProps {
  readonly reported: readonly string[];
  readonly onChange: () => void;
}

export function ReportedKinds({ reported, onChange }: ReportedProps) {
  const [chosen, setChosen] = useState(reported);
  const apply = useApply(onChange);
  const isAll = KINDS.every(([kind]) => chosen.includes(kind));
  return (
    <Ticks legend={wizardText.reports} all={KINDS} on={chosen} onPick={setChosen}>
      <Note level={isAll ? 'ok' : 'warn'}>{say(isAll ? wizardText.reportsAll : wizardText.reportsSome)}</Note>
      <Button busy={apply.busy} onClick={() => apply.run([{ path: ['intake', 'tells'], value: chosen }])}>
        {say(wizardText.reportsSave)}
      </Button>
      {apply.state}
    </Ticks>
  );
}

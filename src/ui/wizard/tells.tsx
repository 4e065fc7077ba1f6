/** What the management system tells of, each kind by its name: only where it tells of all can an opening by the booth's software be told. */
import { useState } from 'preact/hooks';
import { toldKind, wizardText } from '../../text/page/ui-wizard.ts';
import { Tick } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';

const KINDS = Object.keys(toldKind);

export function Tells({ tells, onChange }: { readonly tells: readonly string[]; readonly onChange: () => void }) {
  const [chosen, setChosen] = useState(tells);
  const apply = useApply(onChange);
  const missing = KINDS.filter((kind) => !chosen.includes(kind));
  const choose = (kind: string, on: boolean): void =>
    setChosen(KINDS.filter((each) => (each === kind ? on : chosen.includes(each))));
  return (
    <fieldset>
      <legend>{say(wizardText.tells)}</legend>
      {Object.entries(toldKind).map(([kind, text]) => (
        <Tick key={kind} text={text} on={chosen.includes(kind)} onValue={(on) => choose(kind, on)} />
      ))}
      <Note level={missing.length === 0 ? 'ok' : 'warn'}>
        {say(missing.length === 0 ? wizardText.tellsAll : wizardText.tellsSome)}
      </Note>
      <Button busy={apply.busy} onClick={() => apply.run([{ path: ['intake', 'tells'], value: chosen }])}>
        {say(wizardText.tellsSave)}
      </Button>
      {apply.state}
    </fieldset>
  );
}

/** Personal data: what is kept and how long; one person's data by plate. */
import { useState } from 'preact/hooks';
import type { Overview } from '../../page/api/api.ts';
import type { PersonLines } from '../../page/api/api-intake.ts';
import { hasRight } from '../../page/api/rights.ts';
import { privacyText } from '../../text/page/ui-privacy.made.ts';
import { box, keepFile, useAction, useLoad } from '../fetch.ts';
import { Ask, Form, InputField, Opens } from '../inputs.tsx';
import { say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, Note, ProblemBox, ShownFact } from '../parts.tsx';
import { duration } from '../time.tsx';

const PLATE_MIN = 5;

export function Privacy({ role }: PageProps) {
  const { value: seen } = useLoad<Overview>('overview');
  const kept = seen?.disk.kept;
  return (
    <>
      <Card title={say(privacyText.kept)}>
        <p class="quiet">{say(privacyText.keptHint)}</p>
        {kept && (
          <dl class="facts">
            <ShownFact name={privacyText.frames}>{say(duration(kept.framesMs))}</ShownFact>
            <ShownFact name={privacyText.records}>{say(duration(kept.recordsMs))}</ShownFact>
          </dl>
        )}
        <p class="quiet">{say(privacyText.change)}</p>
      </Card>
      <Person mayErase={hasRight(role, 'installer')} />
    </>
  );
}

function Person({ mayErase }: { readonly mayErase: boolean }) {
  const [plate, setPlate] = useState('');
  const [lines, setLines] = useState<readonly string[]>([]);
  const action = useAction();
  const off = [...plate.trim()].length < PLATE_MIN;
  const show = (found: PersonLines): void => setLines(found.lines);
  const find = () => action.run(() => box.post<PersonLines>('person/find', { plate }), show);
  const give = () =>
    action.run(
      () => box.post<Blob>('person/export', { plate }),
      (file) => keepFile(file, 'person.zip'),
    );
  return (
    <Card title={say(privacyText.person)}>
      <p class="quiet">{say(privacyText.personHint)}</p>
      <Form send={privacyText.find} action={{ busy: action.busy }} off={off} onSend={find}>
        <InputField label={privacyText.plate} value={plate} onValue={setPlate} maxLength={20} />
      </Form>
      <p class="above row">
        <Button text={privacyText.give} icon="download" busy={action.busy} disabled={off} onClick={give} />
        {mayErase && (
          <Opens
            text={privacyText.erase}
            look="danger"
            busy={action.busy}
            disabled={off}
            dialog={(close) => <Erase plate={plate} onDone={show} onClose={close} />}
          />
        )}
      </p>
      <ProblemBox problem={action.problem} />
      {lines.length > 0 && (
        <Note level="ok">
          {lines.map((line, at) => (
            <p key={at}>{line}</p>
          ))}
        </Note>
      )}
    </Card>
  );
}

interface EraseProps {
  readonly plate: string;
  readonly onDone: (found: PersonLines) => void;
  readonly onClose: () => void;
}

function Erase({ plate, onDone, onClose }: EraseProps) {
  const [typed, setTyped] = useState('');
  const why = typed.trim();
  return (
    <Ask
      title={privacyText.eraseAsk(plate.trim())}
      yes={privacyText.erase}
      danger
      off={why === ''}
      ask={() => box.post<PersonLines>('person/erase', { plate, why })}
      {...{ onDone, onClose }}
    >
      <p>{say(privacyText.eraseHint)}</p>
      <InputField label={privacyText.why} value={typed} onValue={setTyped} required maxLength={200} />
    </Ask>
  );
}

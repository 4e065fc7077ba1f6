/** What can be done about a release: the verdict, another try, a correction. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ReleaseDetail, ReleaseList, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { partText } from '../../text/page/ui-parts.made.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { Disputed } from '../inbox/card.tsx';
import { OwnVerbs } from '../inbox/verbs.tsx';
import { Ask, InputField, SelectField, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Card, Note, ProblemBox } from '../parts.tsx';

interface ActionsProps {
  readonly detail: ReleaseDetail;
  readonly role: UserRole;
  readonly onDone: () => void;
}

export function Actions({ detail: { row, can }, role, onDone }: ActionsProps) {
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState('');
  const action = useAction();
  const done = (): void => {
    setAsking(false);
    onDone();
  };
  const act = (what: 'retry' | 'correct', body: object = {}) =>
    action.run(() => box.post(`releases/${row.id}/${what}`, body), done);
  const onClose = (): void => {
    setAsking(false);
    action.clear();
  };
  return (
    <Card wide>
      <Disputed row={row} />
      <OwnVerbs row={row} role={role} />
      {hasRight(role, 'operator') && (
        <div class="row">
          {can.includes('retry') && (
            <Button text={releasesText.retry} onClick={() => act('retry')} busy={action.busy} />
          )}
          {can.includes('correct') && <Button text={releasesText.correct} onClick={() => setAsking(true)} />}
        </div>
      )}
      {asking ? (
        <Correct
          row={row}
          action={action}
          onClose={onClose}
          onBody={(changed) => act('correct', { ...changed, why: why.trim() })}
          why={why}
        >
          <InputField
            label={releasesText.why}
            hint={releasesText.whyHint}
            required
            maxLength={200}
            value={why}
            onValue={setWhy}
          />
        </Correct>
      ) : (
        <ProblemBox problem={action.problem} />
      )}
    </Card>
  );
}

interface CorrectProps {
  readonly row: ReleaseDetail['row'];
  readonly action: ReturnType<typeof useAction>;
  readonly why: string;
  readonly onClose: () => void;
  readonly onBody: (changed: object) => void;
  /** Label of the reason. */
  readonly children: ComponentChildren;
}

/** Correction in two steps: edit, then review. */
function Correct({ row, action, why, onClose, onBody, children }: CorrectProps) {
  const { values, field } = useFields({ plate: row.plate ?? '', method: row.method });
  const plate = values.plate.trim();
  const { method } = values;
  const [checking, setChecking] = useState(false);
  const methods = useLoad<ReleaseList>('releases?limit=1').value?.methods ?? [];
  const nameOf = (value: string): string => {
    const found = methods.find((each) => each.value === value);
    return found === undefined ? value : say(found.text);
  };
  const changed = {
    ...(plate !== (row.plate ?? '') && { plate }),
    ...(method !== row.method && { method }),
  };
  const nothing = Object.keys(changed).length === 0;
  const plateOr = (text: string | undefined): string => text || say(releasesText.noPlate);
  return (
    <Ask
      title={say(releasesText.correct)}
      yes={checking ? releasesText.send : releasesText.check}
      action={action}
      off={nothing}
      onYes={() => (checking ? onBody(changed) : setChecking(true))}
      onClose={onClose}
      no={
        checking
          ? { text: releasesText.changeBack, onClick: () => setChecking(false) }
          : { text: partText.cancel, onClick: onClose }
      }
      more={nothing && <span class="hint">{say(releasesText.unchanged)}</span>}
    >
      {checking ? (
        <Note level="warn">
          {'plate' in changed && (
            <p>
              {say(releasesText.plate)}: {`${plateOr(row.plate)} → ${plateOr(plate)}`}
            </p>
          )}
          {'method' in changed && (
            <p>
              {say(releasesText.method)}: {`${nameOf(row.method)} → ${nameOf(method)}`}
            </p>
          )}
          <p>
            {say(releasesText.why)}: {why}
          </p>
        </Note>
      ) : (
        <>
          <p class="quiet">{say(releasesText.correctHint)}</p>
          <InputField label={releasesText.plate} maxLength={20} {...field('plate')} />
          <SelectField
            label={releasesText.method}
            all={[...new Set([row.method, ...methods.map(({ value }) => value)])]}
            name={nameOf}
            {...field('method')}
          />
          {children}
        </>
      )}
    </Ask>
  );
}

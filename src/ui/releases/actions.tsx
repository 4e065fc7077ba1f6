/** What can be done about a release: the verdict, another try, a correction. */
import { useState } from 'preact/hooks';
import type { ReleaseDetail, ReleaseList, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { Disputed } from '../inbox/card.tsx';
import { OwnVerbs } from '../inbox/verbs.tsx';
import { Ask, InputField, Opens, SelectField, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Card, Note, ProblemBox } from '../parts.tsx';

interface ActionsProps {
  readonly detail: ReleaseDetail;
  readonly role: UserRole;
  readonly onDone: () => void;
}

export function Actions({ detail: { row, can }, role, onDone }: ActionsProps) {
  const action = useAction();
  const retry = () => action.run(() => box.post(`releases/${row.id}/retry`), onDone);
  return (
    <Card wide>
      <Disputed row={row} />
      <OwnVerbs row={row} role={role} />
      {hasRight(role, 'operator') && (
        <div class="row">
          {can.includes('retry') && <Button text={releasesText.retry} onClick={retry} busy={action.busy} />}
          <Opens
            text={releasesText.correct}
            offered={can.includes('correct')}
            dialog={(close) => <Correct {...{ row, onDone }} onClose={close} />}
          />
        </div>
      )}
      <ProblemBox problem={action.problem} />
    </Card>
  );
}

interface CorrectProps extends Pick<ActionsProps, 'onDone'> {
  readonly row: ReleaseDetail['row'];
  readonly onClose: () => void;
}

/** Correction in two steps: edit, then review. */
function Correct({ row, onDone, onClose }: CorrectProps) {
  const { values, field } = useFields({ plate: row.plate ?? '', method: row.method, why: '' });
  const plate = values.plate.trim();
  const { method, why } = values;
  const [checking, setChecking] = useState(false);
  const methods = useLoad<ReleaseList>('releases?limit=1').value?.methods ?? [];
  const names = new Map(methods.map(({ value, text }) => [value, say(text)]));
  const nameOf = (value: string): string => names.get(value) ?? value;
  const changed = {
    ...(plate !== (row.plate ?? '') && { plate }),
    ...(method !== row.method && { method }),
  };
  const nothing = Object.keys(changed).length === 0;
  const ask = () => {
    if (checking) return box.post(`releases/${row.id}/correct`, { ...changed, why: why.trim() });
    setChecking(true);
    return undefined;
  };
  const plateOr = (text: string | undefined): string => text || say(releasesText.noPlate);
  return (
    <Ask
      title={releasesText.correct}
      yes={checking ? releasesText.send : releasesText.check}
      off={nothing}
      {...{ ask, onDone, onClose }}
      {...(checking && { no: { text: releasesText.changeBack, onClick: () => setChecking(false) } })}
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
          <InputField label={releasesText.why} hint={releasesText.whyHint} required maxLength={200} {...field('why')} />
          {nothing && <p class="hint">{say(releasesText.unchanged)}</p>}
        </>
      )}
    </Ask>
  );
}

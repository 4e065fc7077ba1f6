/** Actions on a release, each with a confirmation. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ReleaseDetail, ReleaseList, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { partText } from '../../text/page/ui-parts.ts';
import { releasesText } from '../../text/page/ui-releases.ts';
import type { Text } from '../../text/text.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { Ask, InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Card, Note, ProblemBox } from '../parts.tsx';
import { Time } from '../time.tsx';

type What = ReleaseDetail['can'][number];

interface ActionsProps {
  readonly detail: ReleaseDetail;
  readonly role: UserRole;
  readonly onDone: () => void;
}

export function Actions({ detail, role, onDone }: ActionsProps) {
  const mayAgree = hasRight(role, 'auditor') && detail.wishedAway !== undefined;
  const [asking, setAsking] = useState<What | undefined>();
  const [why, setWhy] = useState('');
  const action = useAction();
  const { row, wishedAway } = detail;
  const can = hasRight(role, 'operator') ? detail.can : detail.can.filter((each) => each === 'dismiss' && mayAgree);
  const act = async (what: What, body: object = {}): Promise<void> => {
    const answer = await action.run(() => box.post(`releases/${row.id}/${what}`, body));
    if (!answer.ok) return;
    setAsking(undefined);
    onDone();
  };
  const dismiss = mayAgree ? releasesText.agree : releasesText.dismiss;
  if (can.length === 0) return null;
  const onClose = (): void => {
    setAsking(undefined);
    action.clear();
  };
  const whyField = (
    <InputField
      label={releasesText.why}
      hint={releasesText.whyHint}
      required
      maxLength={200}
      value={why}
      onValue={setWhy}
    />
  );
  return (
    <Card wide>
      {wishedAway && (
        <Note level="warn">
          {say(releasesText.wishedAway(wishedAway.who, wishedAway.why))}{' '}
          <Time wallMs={wishedAway.atWallMs} show="full" />
        </Note>
      )}
      {row.state === 'kept' && <Note level="warn">{say(releasesText.keptWhy)}</Note>}
      <Buttons can={can} dismiss={dismiss} busy={action.busy} onAsk={setAsking} onRetry={() => act('retry')} />
      {asking === undefined && <ProblemBox problem={action.problem} />}
      {asking === 'report' && (
        <Ask
          title={say(releasesText.reportAsk)}
          yes={releasesText.report}
          action={action}
          onYes={() => act('report')}
          onClose={onClose}
        >
          <p>{say(releasesText.reportHint)}</p>
        </Ask>
      )}
      {asking === 'dismiss' && (
        <Ask
          title={say(mayAgree ? releasesText.agreeAsk : releasesText.dismissAsk)}
          yes={dismiss}
          danger
          action={action}
          onYes={() => act('dismiss', { why: why.trim() })}
          onClose={onClose}
        >
          <p>{say(mayAgree ? releasesText.agreeHint : releasesText.dismissHint)}</p>
          {whyField}
        </Ask>
      )}
      {asking === 'correct' && (
        <Correct
          row={row}
          action={action}
          onClose={onClose}
          onBody={(changed) => act('correct', { ...changed, why: why.trim() })}
          why={why}
        >
          {whyField}
        </Correct>
      )}
    </Card>
  );
}

interface ButtonsProps {
  readonly can: ReleaseDetail['can'];
  readonly dismiss: Text;
  readonly busy: boolean;
  readonly onAsk: (what: What) => void;
  readonly onRetry: () => void;
}

function Buttons({ can, dismiss, busy, onAsk, onRetry }: ButtonsProps) {
  return (
    <div class="row">
      {can.includes('report') && (
        <Button look="main" onClick={() => onAsk('report')}>
          {say(releasesText.report)}
        </Button>
      )}
      {can.includes('retry') && (
        <Button onClick={onRetry} busy={busy}>
          {say(releasesText.retry)}
        </Button>
      )}
      {can.includes('correct') && <Button onClick={() => onAsk('correct')}>{say(releasesText.correct)}</Button>}
      {can.includes('dismiss') && (
        <Button look="danger" onClick={() => onAsk('dismiss')}>
          {say(dismiss)}
        </Button>
      )}
    </div>
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
  const [plate, setPlate] = useState(row.plate ?? '');
  const [method, setMethod] = useState(row.method);
  const [checking, setChecking] = useState(false);
  const methods = useLoad<ReleaseList>('releases?limit=1').value?.methods ?? [];
  const nameOf = (value: string): string => {
    const found = methods.find((each) => each.value === value);
    return found === undefined ? value : say(found.text);
  };
  const changed = {
    ...(plate.trim() !== (row.plate ?? '') && { plate: plate.trim() }),
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
              {say(releasesText.plate)}: {`${plateOr(row.plate)} → ${plateOr(plate.trim())}`}
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
          <InputField label={releasesText.plate} maxLength={20} value={plate} onValue={setPlate} />
          <SelectField
            label={releasesText.method}
            value={method}
            all={[...new Set([row.method, ...methods.map(({ value }) => value)])]}
            onValue={setMethod}
            name={nameOf}
          />
          {children}
        </>
      )}
    </Ask>
  );
}

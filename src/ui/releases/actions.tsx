/** What a person may do with a release: each asks once more before it is done. */
import { useState } from 'preact/hooks';
import type { ReleaseDetail, ReleaseList } from '../../page/api.ts';
import { partText } from '../../text/page/ui-parts.ts';
import { releasesText } from '../../text/page/ui-releases.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Card, Dialog, Field, Note, ProblemBox } from '../parts.tsx';

type What = ReleaseDetail['can'][number];

interface ActionsProps {
  readonly detail: ReleaseDetail;
  readonly onDone: () => void;
}

export function Actions({ detail, onDone }: ActionsProps) {
  const [asking, setAsking] = useState<What | undefined>();
  const action = useAction();
  const { can, row } = detail;
  const act = async (what: What, body: object = {}): Promise<void> => {
    const answer = await action.run(() => box.post(`releases/${row.id}/${what}`, body));
    if (!answer.ok) return;
    setAsking(undefined);
    onDone();
  };
  const close = (): void => {
    setAsking(undefined);
    action.clear();
  };
  return (
    <Card wide>
      <div class="row">
        {can.includes('report') && (
          <Button look="main" onClick={() => setAsking('report')}>
            {say(releasesText.report)}
          </Button>
        )}
        {can.includes('retry') && (
          <Button onClick={() => act('retry')} busy={action.busy}>
            {say(releasesText.retry)}
          </Button>
        )}
        {can.includes('correct') && <Button onClick={() => setAsking('correct')}>{say(releasesText.correct)}</Button>}
        {can.includes('dismiss') && (
          <Button look="danger" onClick={() => setAsking('dismiss')}>
            {say(releasesText.dismiss)}
          </Button>
        )}
      </div>
      {asking === undefined && <ProblemBox problem={action.problem} />}
      {asking === 'report' && (
        <Dialog title={say(releasesText.reportAsk)} onClose={close}>
          <p>{say(releasesText.reportHint)}</p>
          <ProblemBox problem={action.problem} />
          <div class="foot">
            <Button onClick={close}>{say(partText.cancel)}</Button>
            <Button look="main" onClick={() => act('report')} busy={action.busy}>
              {say(releasesText.report)}
            </Button>
          </div>
        </Dialog>
      )}
      {asking === 'dismiss' && <Dismiss onClose={close} onWhy={(why) => act('dismiss', { why })} action={action} />}
      {asking === 'correct' && (
        <Correct detail={detail} onClose={close} onBody={(body) => act('correct', body)} action={action} />
      )}
    </Card>
  );
}

interface AskProps {
  readonly onClose: () => void;
  readonly action: ReturnType<typeof useAction>;
}

const WHY_LENGTH = 200;

function WhyField({ value, onValue }: { readonly value: string; readonly onValue: (value: string) => void }) {
  return (
    <Field label={say(releasesText.why)} hint={say(releasesText.whyHint)}>
      {(bound) => (
        <input
          {...bound}
          required
          maxLength={WHY_LENGTH}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Dismiss({ onClose, onWhy, action }: AskProps & { readonly onWhy: (why: string) => void }) {
  const [why, setWhy] = useState('');
  return (
    <Dialog title={say(releasesText.dismissAsk)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onWhy(why.trim());
        }}
      >
        <p>{say(releasesText.dismissHint)}</p>
        <WhyField value={why} onValue={setWhy} />
        <ProblemBox problem={action.problem} />
        <div class="foot">
          <Button onClick={onClose}>{say(partText.cancel)}</Button>
          <Button submit look="danger" busy={action.busy}>
            {say(releasesText.dismiss)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface CorrectProps extends AskProps {
  readonly detail: ReleaseDetail;
  readonly onBody: (body: object) => void;
}

/** Two steps: what to change, then the change as it will be sent. */
function Correct({ detail: { row }, onClose, onBody, action }: CorrectProps) {
  const [plate, setPlate] = useState(row.plate ?? '');
  const [method, setMethod] = useState(row.method);
  const [why, setWhy] = useState('');
  const [step, setStep] = useState<'fill' | 'check'>('fill');
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
  return (
    <Dialog title={say(releasesText.correct)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (step === 'fill') setStep('check');
          else onBody({ ...changed, why: why.trim() });
        }}
      >
        {step === 'fill' ? (
          <>
            <p class="quiet">{say(releasesText.correctHint)}</p>
            <Field label={say(releasesText.plate)}>
              {(bound) => (
                <input
                  {...bound}
                  maxLength={20}
                  value={plate}
                  onInput={(event) => setPlate(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label={say(releasesText.method)}>
              {(bound) => (
                <select {...bound} value={method} onChange={(event) => setMethod(event.currentTarget.value)}>
                  {!methods.some(({ value }) => value === row.method) && (
                    <option value={row.method}>{row.method}</option>
                  )}
                  {methods.map(({ value, text }) => (
                    <option key={value} value={value}>
                      {say(text)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <WhyField value={why} onValue={setWhy} />
          </>
        ) : (
          <Note level="warn">
            {'plate' in changed && (
              <p>
                {say(releasesText.plate)}:{' '}
                {say(
                  releasesText.change(
                    row.plate ?? say(releasesText.noPlate),
                    plate.trim() || say(releasesText.noPlate),
                  ),
                )}
              </p>
            )}
            {'method' in changed && (
              <p>
                {say(releasesText.method)}: {say(releasesText.change(nameOf(row.method), nameOf(method)))}
              </p>
            )}
            <p>
              {say(releasesText.why)}: {why}
            </p>
          </Note>
        )}
        <ProblemBox problem={action.problem} />
        <div class="foot">
          {nothing && <span class="hint">{say(releasesText.unchanged)}</span>}
          <Button onClick={step === 'fill' ? onClose : () => setStep('fill')}>
            {say(step === 'fill' ? partText.cancel : releasesText.changeBack)}
          </Button>
          <Button submit look="main" busy={action.busy} disabled={nothing}>
            {say(step === 'fill' ? releasesText.check : releasesText.send)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

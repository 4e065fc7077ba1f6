/** Fifth step: one marked test record to the platform, its answer, and the signature comparison. */
import { useEffect, useState } from 'preact/hooks';
import type { ConfigView, RehearsalResult } from '../../page/api/api-setup.ts';
import type { AcceptanceSheet, CommissioningChoices } from '../../page/api/api-wizard.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { box } from '../fetch.ts';
import { Form, InputField, Tick, WorkProgress } from '../inputs.tsx';
import { useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card, Copy, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';

interface CloudProps {
  readonly choices: CommissioningChoices;
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
}

/** Asked for on another screen: the record is sent when this one opens. */
let isWanted = false;
export const sendRecord = (): void => {
  isWanted = true;
};

export function Cloud({ choices, sheet, onChange }: CloudProps) {
  const work = useAdopted('rehearse');
  const [production, setProduction] = useState(false);
  const { job } = work;
  const isProduction = choices.cloudMode === 'production';
  const result = job?.state === 'done' ? (job.result as RehearsalResult) : undefined;
  useEffect(() => {
    if (isWanted && !isProduction) void work.start({ lane: sheet.lane, confirmed: true });
    isWanted = false;
  }, []);
  return (
    <>
      <Card title={<code>{choices.cloudUrl}</code>}>
        <p class="quiet">{say(wizardText.cloudHint)}</p>
        {isProduction && (
          <Note level="warn">
            <Tick text={wizardText.confirmProduction} on={production} onValue={setProduction} />
          </Note>
        )}
        <Button
          look="main"
          busy={work.busy}
          disabled={isProduction && !production}
          onClick={() => work.start({ lane: sheet.lane, confirmed: true, ...(isProduction && { production }) })}
        >
          {say(wizardText.send)}
        </Button>
        <WorkProgress work={work} onDone={onChange} />
      </Card>
      {result && <Answer result={result} />}
      {result && !isProduction && <Change isGood={result.ok} onChange={onChange} />}
    </>
  );
}

function Answer({ result: { ok, answer, comparison, next, serial } }: { readonly result: RehearsalResult }) {
  const facts = [
    ['HTTP', answer.status],
    ['code', answer.code],
    ['message', answer.message],
    ['hint', answer.hint],
    ['seqno', answer.seqno],
    ['parking_serial', serial],
  ] as const;
  return (
    <Card
      title={say(wizardText.answer)}
      tools={<Badge tone={ok ? 'ok' : 'error'}>{say(ok ? wizardText.passed : wizardText.failed)}</Badge>}
    >
      <p>{say(answer.why)}</p>
      <dl class="facts above">
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <>
                <dt>{name}</dt>
                <dd>{name === 'seqno' ? <Copy text={String(value)} /> : <code>{value}</code>}</dd>
              </>
            ),
        )}
      </dl>
      {comparison && (
        <>
          <h3 class="above">{say(wizardText.comparison)}</h3>
          <p class="lines">{say(comparison)}</p>
        </>
      )}
      <h3 class="above">{say(wizardText.todo)}</h3>
      <Note level={ok ? 'ok' : 'warn'}>{say(next)}</Note>
    </Card>
  );
}

/** After a successful rehearsal: production mode. After a failed one: the secret, the most frequent cause. */
function Change({ isGood, onChange }: { readonly isGood: boolean; readonly onChange: () => void }) {
  const apply = useApply(onChange);
  const [secret, setSecret] = useState('');
  const save = async (): Promise<void> => {
    const config = await box.get<ConfigView>('config');
    const named =
      config.ok && config.value.secrets.find(({ usedBy }) => usedBy.some((path) => path.includes('appSecret')));
    await apply.run([], { [named ? named.name : 'cloud.appSecret']: secret });
    setSecret('');
  };
  return (
    <Card>
      {isGood ? (
        <Button busy={apply.busy} onClick={() => apply.run([{ path: ['cloud', 'mode'], value: 'production' }])}>
          {say(wizardText.toProduction)}
        </Button>
      ) : (
        <Form send={wizardText.saveSecret} busy={apply.busy} onSend={save}>
          <InputField
            label={wizardText.newSecret}
            hint={wizardText.secretHint}
            value={secret}
            onValue={setSecret}
            secret
            required
          />
        </Form>
      )}
      {apply.state}
    </Card>
  );
}

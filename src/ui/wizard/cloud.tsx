/** Fifth step: one marked test record to the platform, its answer, and the signature comparison. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ConfigView, RehearsalResult } from '../../page/api/api-setup.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { cloudStepText } from '../../text/page/wizard/steps.made.ts';
import { box } from '../fetch.ts';
import { Form, InputField, Tick, WorkProgress } from '../inputs.tsx';
import { useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import { Badge, Button, Card, Copy, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';
import type { StepProps } from './step.tsx';

/** Asked for on another screen: the record is sent when this one opens. */
let isWanted = false;
export const sendRecord = (): void => {
  isWanted = true;
};

/** A platform that a test record can be sent to. */
interface Target {
  /** Of a destination; absent: the platform of `cloud`. */
  readonly to?: string;
  readonly url?: string;
  readonly isProduction: boolean;
}

export function Cloud({ choices, sheet, onChange }: StepProps) {
  const work = useAdopted('rehearse');
  const { job } = work;
  const [started, setStarted] = useState<string | undefined>();
  const [isMended, setMended] = useState(false);
  const mended = (): void => {
    work.clear();
    setMended(true);
    onChange();
  };
  const first: Target = {
    isProduction: choices.cloudMode === 'production',
    ...(choices.cloudUrl && { url: choices.cloudUrl }),
  };
  const others = choices.platforms.map(({ name, mode, url }) => ({
    to: name,
    url,
    isProduction: mode === 'production',
  }));
  const result = job?.state === 'done' ? (job.result as RehearsalResult) : undefined;
  useEffect(() => {
    if (isWanted && !first.isProduction) void work.start({ lane: sheet.lane, confirmed: true });
    isWanted = false;
  }, []);
  const send = (target: Target, production: boolean): void => {
    const { to, isProduction } = target;
    setStarted(to);
    setMended(false);
    void work.start({ lane: sheet.lane, confirmed: true, ...(to && { to }), ...(isProduction && { production }) });
  };
  // The job knows where its record went, also after a reload.
  const isFirst = result?.to === undefined;
  return (
    <>
      {[first, ...others].flatMap((target) => [
        <Send
          key={`to ${target.to}`}
          target={target}
          busy={work.busy}
          onSend={(production) => send(target, production)}
        >
          {target.to === (result ? result.to : started) && <WorkProgress work={work} onDone={onChange} />}
        </Send>,
        result && result.to === target.to && <Answer key={`of ${target.to}`} result={result} />,
      ])}
      {isMended && <Note level="ok">{say(cloudStepText.sendAgain)}</Note>}
      {result &&
        isFirst &&
        !first.isProduction &&
        (result.ok ? <Production onChange={onChange} /> : <Secret onChange={mended} />)}
    </>
  );
}

interface SendProps {
  readonly target: Target;
  readonly busy: boolean;
  readonly onSend: (production: boolean) => void;
  readonly children?: ComponentChildren;
}

function Send({ target: { to, url, isProduction }, busy, onSend, children }: SendProps) {
  const [production, setProduction] = useState(false);
  return (
    <Card title={to === undefined ? <code>{url}</code> : to}>
      {to !== undefined && (
        <p>
          <code>{url}</code>
        </p>
      )}
      <p class="quiet">{say(to === undefined ? wizardText.cloudHint : wizardText.platformHint)}</p>
      {isProduction && (
        <Note level="warn">
          <Tick text={wizardText.confirmProduction} on={production} onValue={setProduction} />
        </Note>
      )}
      <Button look="main" busy={busy} disabled={isProduction && !production} onClick={() => onSend(production)}>
        {say(wizardText.send)}
      </Button>
      {children}
    </Card>
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
      <h3 class="above">{say(wizardText.todo)}</h3>
      <Note level={ok ? 'ok' : 'warn'}>{say(next)}</Note>
      <details class="above" open={ok}>
        <summary>{say(cloudStepText.details)}</summary>
        <dl class="facts above">
          {facts
            .filter(([, value]) => value !== undefined)
            .flatMap(([name, value]) => [
              <dt key={`${name}:`}>{name}</dt>,
              <dd key={name}>{name === 'seqno' ? <Copy text={String(value)} /> : <code>{value}</code>}</dd>,
            ])}
        </dl>
        {comparison && (
          <>
            <h3 class="above">{say(wizardText.comparison)}</h3>
            <p class="lines">{say(comparison)}</p>
          </>
        )}
      </details>
    </Card>
  );
}

/** After a successful rehearsal: production mode, once the platform's staff has seen the record. */
function Production({ onChange }: Pick<StepProps, 'onChange'>) {
  const apply = useApply(onChange);
  const [isSeen, setSeen] = useState(false);
  return (
    <Card>
      <Tick text={cloudStepText.platformSaw} on={isSeen} onValue={setSeen} />
      <Button
        busy={apply.busy}
        disabled={!isSeen}
        onClick={() => apply.run([{ path: ['cloud', 'mode'], value: 'production' }])}
      >
        {say(wizardText.toProduction)}
      </Button>
      {apply.state}
    </Card>
  );
}

/** After a failed one: the secret, the most frequent cause. */
function Secret({ onChange }: Pick<StepProps, 'onChange'>) {
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
      <Form send={wizardText.saveSecret} action={apply} onSend={save}>
        <InputField
          label={wizardText.newSecret}
          hint={wizardText.secretHint}
          value={secret}
          onValue={setSecret}
          secret
          required
        />
      </Form>
    </Card>
  );
}

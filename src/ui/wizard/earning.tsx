/** What the lane may report "nobody paid" by: how far each proof has come, and a person's word where one is wanted. */
import { useEffect } from 'preact/hooks';
import type { SessionInfo } from '../../page/api/api.ts';
import { proofTexts, type ReportingView, reportingText } from '../../text/lanes/reporting.ts';
import { earningText } from '../../text/page/wizard/steps.made.ts';
import { useLoad } from '../fetch.ts';
import { Form, InputField, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import { Button, Card, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';
import type { StepProps } from './step.tsx';

/** By a proof or a signature, not only because it reported before. */
export const isEarned = (reporting: ReportingView | undefined): boolean =>
  reporting?.earned !== undefined && reporting.earned.how !== 'before';

export function Earning({ choices, sheet, onChange }: StepProps) {
  const apply = useApply(onChange);
  const session = useLoad<SessionInfo>('session');
  const { values, field, set } = useFields({ by: '', reason: say(earningText.nothingReason) });
  const user = session.value?.user ?? '';
  useEffect(() => set((now) => ({ ...now, by: now.by || user })), [user]);
  // Cars drive while somebody looks: the counts go on.
  const live = useOverview()?.lanes.find(({ id }) => id === sheet.lane);
  const pulses = live?.joinedPulses;
  const reporting = isEarned(sheet.reporting) ? sheet.reporting : (live?.reporting ?? sheet.reporting);
  const { earned, missing } = reporting;
  const lane = choices.lanes.findIndex(({ id }) => id === sheet.lane);
  const sign = (payments: 'nothing' | 'list') => (): Promise<void> =>
    apply.run([{ path: ['lanes', lane, 'reporting'], value: { ...values, payments } }]);
  const wants = (way: string): boolean => missing.some((proof) => proof.way === way && proof.wordMissing === true);
  return (
    <Card title={say(earningText.title)}>
      {earned !== undefined && isEarned(reporting) ? (
        <Note level="ok">{say(reportingText.earned(earned))}</Note>
      ) : (
        <>
          <Note level="warn">{say(earned === undefined ? earningText.notYet : earningText.before)}</Note>
          <ul class="lined choices">
            {proofTexts(missing).map((text) => (
              <li key={text.en}>{say(text)}</li>
            ))}
          </ul>
          {wants('relay') && (
            <p>
              <Button
                busy={apply.busy}
                onClick={() => apply.run([{ path: ['lanes', lane, 'settings', 'autoCommandIsGrant'], value: true }])}
              >
                {say(earningText.relayMeansPaid)}
              </Button>
            </p>
          )}
          <h3 class="above">{say(earningText.sign)}</h3>
          <p class="hint below">{say(earningText.signHint)}</p>
          <Form send={earningText.signNothing} action={{ busy: apply.busy }} onSend={sign('nothing')}>
            <InputField label={earningText.by} required {...field('by')} />
            <InputField label={earningText.reason} required {...field('reason')} />
          </Form>
          {wants('list') && (
            <p>
              <Button text={earningText.signList} busy={apply.busy} onClick={sign('list')} />
            </p>
          )}
        </>
      )}
      {pulses && <p class="quiet">{say(earningText.joined(pulses.pulses, pulses.joined))}</p>}
      {apply.state}
    </Card>
  );
}

/** The intake: channels, refused senders, senders whose clock is off, and messages not counted. */
import type { IntakeView } from '../../page/api/api-intake.ts';
import { paymentsText } from '../../text/page/payments.made.ts';
import { intakeText } from '../../text/page/ui-diagnostics.made.ts';
import { useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { say } from '../language.ts';
import { Card, CheckRow, Note, ProblemBox } from '../parts.tsx';
import { place } from '../route.ts';
import { duration, Time } from '../time.tsx';
import { RefusedSenderList } from './refused.tsx';

export function IntakeCard() {
  const { value: seen, problem } = useLoad<IntakeView>('intake');
  if (seen === undefined) return <ProblemBox problem={problem} />;
  return (
    <Card title={say(intakeText.title)}>
      {seen.channels.length === 0 && <p class="quiet">{say(intakeText.none)}</p>}
      <ul class="lined columns checks">
        {seen.channels.map(({ id, up, forMs, heardAgoMs }) => (
          <CheckRow key={id} tone={up ? 'ok' : 'error'} state={up ? intakeText.up : intakeText.down}>
            <strong>{id}</strong>
            <p>
              {say(
                heardAgoMs === undefined ? intakeText.silent(duration(forMs)) : intakeText.heard(duration(heardAgoMs)),
              )}
            </p>
          </CheckRow>
        ))}
      </ul>
      <RefusedSenderList rows={seen.refused} />
      {seen.senders.map(({ sender, offsetMs }) => (
        <Note level="warn" key={sender}>
          {say(intakeText.clock(sender, duration(Math.abs(offsetMs)), offsetMs < 0))}
        </Note>
      ))}
      {seen.inClear.length > 0 && <p class="hint">{say(intakeText.inClear(seen.inClear))}</p>}
      {seen.uncounted.length > 0 && <h3>{say(intakeText.uncounted(seen.uncountedCount))}</h3>}
      <ul class="lined columns checks">
        {seen.uncounted.map(({ atWallMs, status, sender, id, lane, plate, reason }) => (
          <CheckRow
            key={`${atWallMs} ${sender} ${id}`}
            tone={status === 'ignored' ? 'idle' : 'warn'}
            state={intakeText[status]}
          >
            <Time wallMs={atWallMs} /> {plate && <span class="plate">{plate}</span>} {lane}{' '}
            <span class="quiet">
              {sender} {id}
            </span>
            <p>{say(reason)}</p>
          </CheckRow>
        ))}
      </ul>
      <p>
        <a href={place('account/payments', { day: 'today' })}>{say(paymentsText.title)}</a>
      </p>
      <HelpLink name="intake" />
    </Card>
  );
}

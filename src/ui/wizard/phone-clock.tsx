/** A box whose clock nobody has set: one tap takes the time of this phone. Shows nothing where the network tells the time. */
import { useState } from 'preact/hooks';
import type { ClockView, PhoneTime } from '../../page/api/api-clock.ts';
import { phoneClockText } from '../../text/page/ui-wizard.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Note, ProblemBox } from '../parts.tsx';

/** Of so many questions the fastest answer says most. */
const ASKED = 3;

export function PhoneClock() {
  const clock = useLoad<ClockView>('clock');
  const action = useAction();
  const [taken, setTaken] = useState<ClockView | undefined>();
  const seen = taken ?? clock.value;
  if (seen === undefined) return null;
  if (seen.cannot !== undefined)
    return seen.quality === 'unknown' ? <Note level="warn">{say(phoneClockText.unknown(seen.cannot))}</Note> : null;
  const take = () =>
    action.run(async () => {
      const time = await phoneTime();
      const answer = time.ok ? await box.post<ClockView>('clock', time.value) : time;
      if (answer.ok) setTaken(answer.value);
      return answer;
    });
  const isSet = seen.quality === 'manual';
  return (
    <Note level={isSet ? 'ok' : 'warn'}>
      <p>{say(isSet ? phoneClockText.isSet(seen.errorMs ?? 0) : phoneClockText.banner)}</p>
      <Button look={isSet ? 'plain' : 'main'} busy={action.busy} onClick={take}>
        {say(isSet ? phoneClockText.takeAgain : phoneClockText.take)}
      </Button>
      <ProblemBox problem={action.problem} />
    </Note>
  );
}

/** This phone's time at a moment of the box, by the fastest of some answers: its own error is half of what the answer took. */
async function phoneTime() {
  let best: { readonly ok: true; readonly value: PhoneTime } | undefined;
  for (let asked = 0; asked < ASKED; asked += 1) {
    const beganMs = Date.now();
    const answer = await box.get<ClockView>('clock');
    const roundTripMs = Date.now() - beganMs;
    if (!answer.ok) return answer;
    if (best !== undefined && best.value.roundTripMs <= roundTripMs) continue;
    best = { ok: true, value: { nowMs: answer.value.nowMs, wallMs: beganMs + roundTripMs / 2, roundTripMs } };
  }
  return best as NonNullable<typeof best>;
}

/** Blind times: when something could not be observed, and what was counted meanwhile. */
import type { ObservationList } from '../../page/api/api-intake.ts';
import { observationsText } from '../../text/page/ui-diagnostics.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { Card, ProblemBox } from '../parts.tsx';
import { duration, Time } from '../time.tsx';

export function ObservationsCard() {
  const { value: seen, problem } = useLoad<ObservationList>('observations');
  if (seen === undefined) return <ProblemBox problem={problem} />;
  return (
    <Card title={say(observationsText.title)}>
      {seen.items.length === 0 && <p class="quiet">{say(observationsText.none)}</p>}
      <ul class="checks">
        {seen.items.map(({ id, lane, fromWallMs, toWallMs, what, counted }) => (
          <li key={id}>
            <span class="quiet">{say(duration(toWallMs - fromWallMs))}</span>
            <div>
              <Time wallMs={fromWallMs} /> {lane} <strong>{say(what)}</strong>
              <p class="quiet">{say(counted)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

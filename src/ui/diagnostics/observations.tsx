/** Observation gaps with the vehicles counted meanwhile, and what was done to the box or its records. */
import type { ObservationList } from '../../page/api/api-intake.ts';
import { observationsText } from '../../text/page/ui-diagnostics.made.ts';
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
      <ul class="lined columns checks">
        {seen.items.map(({ id, lane, fromWallMs, toWallMs, lasts, what, counted }) => (
          <li key={id}>
            <span class="quiet">
              {lasts ? say(observationsText.lasts) : toWallMs > fromWallMs && say(duration(toWallMs - fromWallMs))}
            </span>
            <div>
              <Time wallMs={fromWallMs} /> {lane} <strong>{say(what)}</strong>
              {counted && <p class="quiet">{say(counted)}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

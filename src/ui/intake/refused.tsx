/** Senders whose payment messages were refused: from where, why, since when, and what to do. */
import type { RefusedSenderView } from '../../page/api/api-intake.ts';
import { diagnosticsText, intakeText } from '../../text/page/ui-diagnostics.made.ts';
import { say } from '../language.ts';
import { CheckRow } from '../parts.tsx';
import { Time } from '../time.tsx';

export function RefusedSenderList({ rows }: { readonly rows: readonly RefusedSenderView[] }) {
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{say(intakeText.refused)}</h3>
      <ul class="lined columns checks">
        {rows.map(({ from, holder, path, why, todo, count, firstWallMs, lastWallMs }) => (
          <CheckRow key={`${from} ${holder} ${why.en}`} tone="error" state={intakeText.refusedOne}>
            <strong>{say(why)}</strong>{' '}
            <span class="quiet">{[holder, from, path].filter((each) => each !== undefined).join(' · ')}</span>
            <p>
              {say(intakeText.refusedTimes(count))} <Time wallMs={lastWallMs} />
              {count > 1 && (
                <>
                  , {say(intakeText.refusedSince)} <Time wallMs={firstWallMs} />
                </>
              )}
            </p>
            <p>{say(diagnosticsText.todo(todo))}</p>
          </CheckRow>
        ))}
      </ul>
    </>
  );
}

/** Asks how long and why a lane is in maintenance, or ends it. */
import { useState } from 'preact/hooks';
import type { LaneLive } from '../../page/api.ts';
import { overviewText } from '../../text/page/ui-overview.ts';
import { partText } from '../../text/page/ui-parts.ts';
import { box, useAction } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Dialog, Field, ProblemBox } from '../parts.tsx';
import { duration } from '../time.tsx';

const MINUTES = [15, 30, 60, 120, 240, 480, 1440];

export function MaintenanceDialog({ lane, onClose }: { readonly lane: LaneLive; readonly onClose: () => void }) {
  const [minutes, setMinutes] = useState(30);
  const [reason, setReason] = useState(lane.maintenance?.reason ?? '');
  const action = useAction();
  const tell = async (body: object): Promise<void> => {
    const answer = await action.run(() => box.post(`lanes/${encodeURIComponent(lane.id)}/maintenance`, body));
    if (answer.ok) onClose();
  };
  return (
    <Dialog title={`${say(overviewText.maintenance)} · ${lane.name}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          tell({ minutes, reason });
        }}
      >
        <p class="quiet">{say(overviewText.maintenanceHint)}</p>
        <Field label={say(overviewText.maintenanceFor)}>
          {(bound) => (
            <select
              {...bound}
              value={String(minutes)}
              onChange={(event) => setMinutes(Number(event.currentTarget.value))}
            >
              {MINUTES.map((each) => (
                <option key={each} value={String(each)}>
                  {say(duration(each * 60_000))}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say(overviewText.maintenanceReason)} hint={say(overviewText.maintenanceReasonHint)}>
          {(bound) => (
            <input
              {...bound}
              required
              maxLength={200}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        <ProblemBox problem={action.problem} />
        <div class="foot">
          {lane.maintenance && (
            <Button onClick={() => tell({ off: true, reason: reason || lane.maintenance?.reason })} busy={action.busy}>
              {say(overviewText.maintenanceEnd)}
            </Button>
          )}
          <Button onClick={onClose}>{say(partText.cancel)}</Button>
          <Button submit look="main" busy={action.busy}>
            {say(overviewText.maintenanceStart)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

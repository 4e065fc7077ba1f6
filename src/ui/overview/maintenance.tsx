/** Starts maintenance of a lane, with duration and reason, or ends it. */
import type { LaneLive } from '../../page/api/api.ts';
import { overviewPageText } from '../../text/page/ui-overview.ts';
import { box, useAction } from '../fetch.ts';
import { Ask, InputField, SelectField, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button } from '../parts.tsx';
import { sayDuration } from '../time.tsx';

const MINUTES = ['15', '30', '60', '120', '240', '480'];

export function MaintenanceDialog({ lane, onClose }: { readonly lane: LaneLive; readonly onClose: () => void }) {
  const { values, field } = useFields({ minutes: '30', reason: lane.maintenance?.reason ?? '' });
  const { minutes, reason } = values;
  const action = useAction();
  const send = (body: object) =>
    action.run(() => box.post(`lanes/${encodeURIComponent(lane.id)}/maintenance`, body), onClose);
  return (
    <Ask
      title={`${say(overviewPageText.maintenance)} · ${lane.name}`}
      yes={overviewPageText.maintenanceStart}
      action={action}
      onYes={() => send({ minutes: Number(minutes), reason })}
      onClose={onClose}
      more={
        lane.maintenance && (
          <Button onClick={() => send({ off: true, reason: reason || lane.maintenance?.reason })} busy={action.busy}>
            {say(overviewPageText.maintenanceEnd)}
          </Button>
        )
      }
    >
      <p class="quiet">{say(overviewPageText.maintenanceHint)}</p>
      <SelectField
        label={overviewPageText.maintenanceFor}
        all={MINUTES}
        name={(each) => sayDuration(Number(each) * 60_000)}
        {...field('minutes')}
      />
      <InputField
        label={overviewPageText.maintenanceReason}
        hint={overviewPageText.maintenanceReasonHint}
        required
        maxLength={200}
        {...field('reason')}
      />
    </Ask>
  );
}

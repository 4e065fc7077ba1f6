/** Starts maintenance of a lane, with duration and reason, or ends it. */
import type { LaneLive } from '../../page/api/api.ts';
import { overviewPageText } from '../../text/page/ui-overview.ts';
import { plain } from '../../text/text.ts';
import { box } from '../fetch.ts';
import { Ask, InputField, SelectField, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { sayDuration } from '../time.tsx';

const MINUTES = ['15', '30', '60', '120', '240', '480'];

export function MaintenanceDialog({ lane, onClose }: { readonly lane: LaneLive; readonly onClose: () => void }) {
  const { values, field } = useFields({ minutes: '30', reason: lane.maintenance?.reason ?? '' });
  const { minutes, reason } = values;
  const ask = (body: object) => box.post(`lanes/${encodeURIComponent(lane.id)}/maintenance`, body);
  const ended = () => ask({ off: true, reason: reason || lane.maintenance?.reason });
  return (
    <Ask
      title={plain(`${say(overviewPageText.maintenance)} · ${lane.name}`)}
      yes={overviewPageText.maintenanceStart}
      ask={() => ask({ minutes: Number(minutes), reason })}
      onClose={onClose}
      more={lane.maintenance && { text: overviewPageText.maintenanceEnd, ask: ended }}
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

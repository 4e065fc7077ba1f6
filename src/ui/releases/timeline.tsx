/** The signals around a release. */
import type { Timeline } from '../../page/api/api.ts';
import { nameOfSignal } from '../../text/page/ui-lane.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { Card, Empty, Loading, ProblemBox } from '../parts.tsx';
import { Waveform } from '../waveform/waveform.tsx';

const SECONDS = 15;

export function TimelineCard({ id }: { readonly id: string }) {
  const timeline = useLoad<Timeline>(`releases/${encodeURIComponent(id)}/timeline?seconds=${SECONDS}`);
  const seen = timeline.value;
  // The journal is kept for less long than the record.
  const isGone = timeline.problem?.code === 'notFound';
  return (
    <Card title={say(releasesText.timeline)} wide>
      {isGone ? <Empty>{say(releasesText.noTimeline)}</Empty> : <ProblemBox problem={timeline.problem} />}
      {seen === undefined && timeline.problem === undefined && <Loading />}
      {seen !== undefined && seen.signals.length === 0 && <Empty>{say(releasesText.noTimeline)}</Empty>}
      {seen !== undefined && seen.signals.length > 0 && (
        <Waveform
          label={say(releasesText.timeline)}
          fromMs={seen.fromWallMs}
          toMs={seen.toWallMs}
          zeroMs={seen.releaseWallMs}
          traces={seen.signals.map(({ role, before, edges }) => ({
            key: role,
            name: say(nameOfSignal(role)),
            before,
            edges: edges.map(({ atWallMs, level }) => ({ atMs: atWallMs, level })),
          }))}
          marks={seen.marks.map(({ atWallMs, text }) => ({ atMs: atWallMs, text }))}
        />
      )}
    </Card>
  );
}

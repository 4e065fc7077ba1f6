/** Recent pushes: what each camera sent, and what became of it. */
import type { PushesView, PushView } from '../../page/api/api-intake.ts';
import { hasRight } from '../../page/api/rights.ts';

import { outcomeText, pushesPageText } from '../../text/page/pushes.made.ts';

import { useEvery, useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import { Empty, LoadState, ProblemBox } from '../parts.tsx';
import { go, place, search } from '../route.ts';
import { PushedRow, rowKey } from './push-row.tsx';

const RELOAD_MS = 3_000;
const OUTCOMES = Object.keys(outcomeText) as PushView['outcome'][];

type CameraView = PushesView['cameras'][number];

export function Pushes({ route, role }: PageProps) {
  const { camera, outcome = '' } = route.query;
  const pushes = useLoad<PushesView>(`pushes${search({ camera })}`);
  const { reload } = pushes;
  useEvery(RELOAD_MS, reload);
  const seen = pushes.value;
  if (seen === undefined) return <LoadState of={pushes} />;
  const chosen = seen.cameras.find(({ id }) => id === camera) ?? seen.cameras[0];
  const rows = chosen?.rows.filter((row) => outcome === '' || row.outcome === outcome) ?? [];
  const show = (query: Readonly<Record<string, string | undefined>>) => go(place('pushes', query), true);
  return (
    <>
      <ProblemBox problem={pushes.problem} />
      {chosen === undefined ? (
        <Empty>{say(pushesPageText.noCameras)}</Empty>
      ) : (
        <>
          <div class="row push-tools">
            <SelectField
              label={pushesPageText.camera}
              value={chosen.id}
              all={seen.cameras.map(({ id }) => id)}
              onValue={(id) => show({ camera: id, outcome })}
              name={(id) => nameOf(seen.cameras.find((each) => each.id === id))}
            />
            <SelectField
              label={pushesPageText.outcome}
              value={outcome}
              all={['', ...OUTCOMES]}
              onValue={(each) => show({ camera: chosen.id, outcome: each })}
              name={(each) => choice(each, chosen)}
            />
          </div>
          {rows.length === 0 && <Empty>{say(pushesPageText.none)}</Empty>}
          {rows.length === 0 && <HelpLink name="pushes" />}
          <ol class="lined columns pushes">
            {rows.map((row) => (
              <PushedRow key={rowKey(row)} row={row} mayGive={hasRight(role, 'operator')} />
            ))}
          </ol>
        </>
      )}
      <p class="hint">{say(pushesPageText.hint)}</p>
    </>
  );
}

function nameOf(camera: CameraView | undefined): string {
  if (camera === undefined) return '';
  return camera.name === undefined ? `${camera.id}${camera.kind ? ` · ${camera.kind}` : ''}` : say(camera.name);
}

function choice(outcome: string, { counts }: CameraView): string {
  const known = OUTCOMES.find((each) => each === outcome);
  return known === undefined ? say(pushesPageText.allOutcomes) : `${say(outcomeText[known])} · ${counts[known]}`;
}

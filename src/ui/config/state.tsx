/** State of the file against the configuration in force: broken, reverted, or on trial with the time left. */
import type { ConfigView } from '../../page/api/api-setup.ts';
import { configText } from '../../text/page/ui-config.made.ts';
import { left } from '../arrivals.ts';
import { box, useAction } from '../fetch.ts';
import { say } from '../language.ts';
import { refreshOverview } from '../live.ts';
import { Button, Note, ProblemBox } from '../parts.tsx';
import { countdown, useNow } from '../time.tsx';
import type { ConfigDraft } from './draft.ts';
import { FaultList } from './faults.tsx';

interface StateProps {
  readonly view: ConfigView;
  readonly draft: ConfigDraft;
  readonly onDone: () => void;
  readonly onLine: (line: number) => void;
}

export function StateOfConfig({ view, draft, onDone, onLine }: StateProps) {
  if (view.state === 'trial') return <Trial view={view} onDone={onDone} />;
  if (view.state === 'good') return null;
  const { inForceYaml } = view;
  return (
    <Note level="error">
      <p>{say(view.state === 'broken' ? configText.broken : configText.reverted)}</p>
      <FaultList faults={view.faults} onLine={onLine} />
      {inForceYaml !== undefined && inForceYaml !== draft.yaml && (
        <Button text={configText.toInForce} onClick={() => draft.setYaml(inForceYaml)} />
      )}
    </Note>
  );
}

function Trial({ view, onDone }: { readonly view: ConfigView; readonly onDone: () => void }) {
  const now = useNow(500);
  const action = useAction();
  const leftMs = left(view, view.trialLeftMs ?? 0, now);
  const done = (): void => {
    onDone();
    refreshOverview();
  };
  const end = (how: 'keep' | 'revert') => action.run(() => box.post(`config/${how}`), done);
  return (
    <section class="box warn trial" aria-live="off">
      <div>
        <p class="trial-text">{say(configText.trial(countdown(leftMs)))}</p>
        <ProblemBox problem={action.problem} />
        <div class="row">
          <Button text={configText.keep} look="main" onClick={() => end('keep')} busy={action.busy} />
          <Button text={configText.revert} onClick={() => end('revert')} busy={action.busy} />
        </div>
      </div>
    </section>
  );
}

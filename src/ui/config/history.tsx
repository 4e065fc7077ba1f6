/** Earlier configurations: changes since, and rollback. */
import type { HistoryRow, Job } from '../../page/api/api-setup.ts';
import { configText } from '../../text/page/ui-config.made.ts';
import { partText } from '../../text/page/ui-parts.made.ts';
import { box, type FetchResult, useLoad } from '../fetch.ts';
import { Opens } from '../inputs.tsx';
import { say } from '../language.ts';
import { ListCard } from '../list-card.tsx';
import { Button, Dialog, LoadState } from '../parts.tsx';
import { Time } from '../time.tsx';
import { DiffView } from './diff-view.tsx';

interface HistoryProps {
  /** The current text. */
  readonly yaml: string;
  /** Left out: who reads may not. */
  readonly rollback?: { readonly busy: boolean; readonly on: (job: Promise<FetchResult<Job>>) => void };
}

export function ConfigHistory({ yaml, rollback }: HistoryProps) {
  const history = useLoad<readonly HistoryRow[]>('config/history');
  return (
    <ListCard
      title={configText.history}
      of={history}
      none={configText.noHistory}
      id={({ id }) => id}
      row={(row) => (
        <>
          <Time wallMs={row.savedWallMs} show="full" /> <span>{row.by}</span>{' '}
          <span class="quiet">{say(configText.changedLines(row.changedLines))}</span>
        </>
      )}
      buttons={(row) => (
        <>
          <Opens text={configText.compare} dialog={(close) => <Former {...{ row, yaml }} onClose={close} />} />
          {rollback && (
            <Opens
              text={configText.rollback}
              disabled={rollback.busy}
              dialog={(close) => <Former {...{ row, yaml }} onClose={close} onRollback={rollback.on} />}
            />
          )}
        </>
      )}
    />
  );
}

interface FormerProps {
  readonly row: HistoryRow;
  readonly yaml: string;
  readonly onClose: () => void;
  readonly onRollback?: (job: Promise<FetchResult<Job>>) => void;
}

function Former({ row, yaml, onClose, onRollback }: FormerProps) {
  const path = `config/history/${encodeURIComponent(row.id)}`;
  const former = useLoad<{ yaml: string }>(path);
  const roll = (): void => {
    onClose();
    onRollback?.(box.post<Job>(`${path}/rollback`));
  };
  return (
    <Dialog title={say(onRollback ? configText.rollbackAsk : configText.compare)} onClose={onClose} wide>
      <p>
        <Time wallMs={row.savedWallMs} show="full" /> {row.by}
      </p>
      <LoadState of={former} />
      {former.value !== undefined && <DiffView before={yaml} after={former.value.yaml} />}
      {onRollback && <p class="hint">{say(configText.applyHint)}</p>}
      <div class="foot">
        <Button text={onRollback ? partText.cancel : partText.close} onClick={onClose} />
        {onRollback && <Button text={configText.rollback} look="main" onClick={roll} />}
      </div>
    </Dialog>
  );
}

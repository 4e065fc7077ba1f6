/** Earlier configurations: changes since, and rollback. */
import { useState } from 'preact/hooks';
import type { HistoryRow, Job } from '../../page/api/api-setup.ts';
import { configText } from '../../text/page/ui-config.made.ts';
import { partText } from '../../text/page/ui-parts.made.ts';
import { box, type FetchResult, useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Card, Dialog, Empty, LoadState } from '../parts.tsx';
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
  const [open, setOpen] = useState<{ readonly row: HistoryRow; readonly rollback: boolean } | undefined>();
  const rows = history.value;
  return (
    <Card title={say(configText.history)}>
      <LoadState of={history} />
      {rows?.length === 0 && <Empty>{say(configText.noHistory)}</Empty>}
      <ul class="lined history">
        {rows?.map((row) => (
          <li key={row.id} class="row">
            <span class="grow">
              <Time wallMs={row.savedWallMs} show="full" /> <span>{row.by}</span>{' '}
              <span class="quiet">{say(configText.changedLines(row.changedLines))}</span>
            </span>
            <Button text={configText.compare} onClick={() => setOpen({ row, rollback: false })} />
            {rollback && (
              <Button onClick={() => setOpen({ row, rollback: true })} disabled={rollback.busy}>
                {say(configText.rollback)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open !== undefined && (
        <Former
          row={open.row}
          yaml={yaml}
          rollback={open.rollback}
          onClose={() => setOpen(undefined)}
          onRollback={() => {
            setOpen(undefined);
            rollback?.on(box.post<Job>(`config/history/${encodeURIComponent(open.row.id)}/rollback`));
          }}
        />
      )}
    </Card>
  );
}

interface FormerProps {
  readonly row: HistoryRow;
  readonly yaml: string;
  readonly rollback: boolean;
  readonly onClose: () => void;
  readonly onRollback: () => void;
}

function Former({ row, yaml, rollback, onClose, onRollback }: FormerProps) {
  const former = useLoad<{ yaml: string }>(`config/history/${encodeURIComponent(row.id)}`);
  return (
    <Dialog title={say(rollback ? configText.rollbackAsk : configText.compare)} onClose={onClose} wide>
      <p>
        <Time wallMs={row.savedWallMs} show="full" /> {row.by}
      </p>
      <LoadState of={former} />
      {former.value !== undefined && <DiffView before={yaml} after={former.value.yaml} />}
      {rollback && <p class="hint">{say(configText.applyHint)}</p>}
      <div class="foot">
        <Button text={rollback ? partText.cancel : partText.close} onClick={onClose} />
        {rollback && <Button text={configText.rollback} look="main" onClick={onRollback} />}
      </div>
    </Dialog>
  );
}

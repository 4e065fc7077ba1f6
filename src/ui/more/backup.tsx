/** A copy of everything to take away, and the way back. */
import { useState } from 'preact/hooks';
import type { Job } from '../../page/api-setup.ts';
import { backupText } from '../../text/page/ui-more.ts';
import { partText } from '../../text/page/ui-parts.ts';
import { box, boxAddress } from '../fetch.ts';
import { Icon } from '../icons.tsx';
import { JobProgress, useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Button, Card, Dialog, Field, Note, ProblemBox } from '../parts.tsx';

export function Backup() {
  const [secrets, setSecrets] = useState(false);
  const [file, setFile] = useState<File | undefined>();
  const [asking, setAsking] = useState(false);
  const restore = useJob('restore');
  const start = (chosen: File): void => {
    setAsking(false);
    restore.follow(box.post<Job>('restore', chosen));
  };
  return (
    <div class="grid two">
      <Card title={say(backupText.make)}>
        <p class="quiet">{say(backupText.makeHint)}</p>
        <label class="check">
          <input type="checkbox" checked={secrets} onChange={(event) => setSecrets(event.currentTarget.checked)} />
          {say(backupText.withSecrets)}
        </label>
        <a class="button main" href={boxAddress(`backup?secrets=${secrets ? 1 : 0}`)} download>
          <Icon name="download" />
          {say(backupText.download)}
        </a>
      </Card>
      <Card title={say(backupText.restore)}>
        <p class="quiet">{say(backupText.restoreHint)}</p>
        <Field label={say(backupText.file)}>
          {(bound) => (
            <input
              {...bound}
              type="file"
              accept=".zip,application/zip"
              onChange={(event) => setFile(event.currentTarget.files?.[0])}
            />
          )}
        </Field>
        <Button look="danger" onClick={() => setAsking(true)} disabled={file === undefined} busy={restore.busy}>
          {say(backupText.restoreStart)}
        </Button>
        <ProblemBox problem={restore.problem} />
        {restore.job && <JobProgress job={restore.job} onCancel={restore.cancel} />}
        {restore.job?.state === 'done' && <Note level="ok">{say(backupText.restored)}</Note>}
      </Card>
      {asking && file !== undefined && (
        <Dialog title={say(backupText.restoreAsk)} onClose={() => setAsking(false)}>
          <p>{file.name}</p>
          <p>{say(backupText.restoreHint)}</p>
          <div class="foot">
            <Button onClick={() => setAsking(false)}>{say(partText.cancel)}</Button>
            <Button look="danger" onClick={() => start(file)}>
              {say(backupText.restore)}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

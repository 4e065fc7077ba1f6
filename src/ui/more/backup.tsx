/** A copy of everything to take away, and the way back. */
import { useState } from 'preact/hooks';
import type { Job } from '../../page/api-setup.ts';
import { backupText } from '../../text/page/ui-more.ts';
import { box, boxAddress } from '../fetch.ts';
import { Icon } from '../icons.tsx';
import { Ask, Tick, Work } from '../inputs.tsx';
import { useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Button, Card, Field, Note } from '../parts.tsx';

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
        <Tick text={backupText.withSecrets} on={secrets} onValue={setSecrets} />
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
        <Work work={restore} />
        {restore.job?.state === 'done' && <Note level="ok">{say(backupText.restored)}</Note>}
      </Card>
      {asking && file !== undefined && (
        <Ask
          title={say(backupText.restoreAsk)}
          yes={backupText.restore}
          danger
          action={restore}
          onYes={() => start(file)}
          onClose={() => setAsking(false)}
        >
          <p>{file.name}</p>
          <p>{say(backupText.restoreHint)}</p>
        </Ask>
      )}
    </div>
  );
}

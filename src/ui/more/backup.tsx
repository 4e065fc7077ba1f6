/** Backup, restore and update. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Job, UpdateView } from '../../page/api/api-setup.ts';
import { PASSPHRASE_MIN } from '../../page/api/forms.ts';
import { backupPageText } from '../../text/page/ui-more.made.ts';
import { partText } from '../../text/page/ui-parts.made.ts';
import { shellText } from '../../text/page/ui-shell.ts';
import { box, keepFile, useAction, useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { Ask, FileField, Form, InputField, Opens, Tick, WorkProgress } from '../inputs.tsx';
import { DoneNote, JobProgress, useAdopted, useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Card, Download, Note, ProblemBox, WeChatNote } from '../parts.tsx';
import { Provision } from './provision.tsx';

export function Backup() {
  const [secrets, setSecrets] = useState(false);
  const [file, setFile] = useState<File | undefined>();
  const [passphrase, setPassphrase] = useState('');
  const [downloaded, setDownloaded] = useState(false);
  const locked = useAction();
  const keep = (made: Blob): void => {
    keepFile(made, 'lanewarden-backup.zip');
    setDownloaded(true);
  };
  const restore = useJob('restore');
  const start = (chosen: File): void => {
    const header = passphrase === '' ? {} : { 'lanewarden-passphrase': encodeURIComponent(passphrase) };
    restore.follow(box.post<Job>('restore', chosen, header));
  };
  return (
    <div class="grid two">
      <Card title={say(backupPageText.make)}>
        <p class="quiet">{say(backupPageText.makeHint)}</p>
        <Tick text={backupPageText.withSecrets} on={secrets} onValue={setSecrets} />
        {secrets ? (
          <Form
            send={backupPageText.download}
            action={locked}
            off={passphrase.length < PASSPHRASE_MIN}
            onSend={() => locked.run(() => box.post<Blob>('backup', { passphrase }), keep)}
          >
            <InputField
              label={backupPageText.passphrase}
              hint={backupPageText.passphraseHint}
              value={passphrase}
              onValue={(value) => {
                setPassphrase(value);
                setDownloaded(false);
              }}
            />
            {downloaded && <Note level="ok">{say(backupPageText.downloaded)}</Note>}
            <WeChatNote text={partText.noDownload} />
          </Form>
        ) : (
          <Download path="backup" look="main">
            {say(backupPageText.download)}
          </Download>
        )}
      </Card>
      <Card title={say(backupPageText.restore)}>
        <p class="quiet">{say(backupPageText.restoreHint)}</p>
        <HelpLink name="backup" />
        <FileField label={shellText.swapFile} accept=".zip,.backup,application/zip" onFile={setFile} />
        <InputField label={backupPageText.passphrase} value={passphrase} onValue={setPassphrase} secret />
        <Opens
          text={backupPageText.restoreStart}
          look="danger"
          disabled={file === undefined}
          busy={restore.busy}
          dialog={(close) => (
            <Ask
              title={backupPageText.restoreAsk}
              yes={backupPageText.restore}
              danger
              ask={() => {
                close();
                if (file) start(file);
                return undefined;
              }}
              onClose={close}
            >
              <p>{file?.name}</p>
              <p>{say(backupPageText.restoreHint)}</p>
            </Ask>
          )}
        />
        <WorkProgress work={restore} />
        <DoneNote job={restore.job} text={backupPageText.restored} />
      </Card>
      <Provision />
      <Update />
    </div>
  );
}

/** Update: why none is possible here, or the file; then its progress, also while the box restarts. */
function Update() {
  const { value, problem } = useLoad<UpdateView>('update');
  const [file, setFile] = useState<File | undefined>();
  const work = useAdopted('update');
  const seen = useRef(false);
  const state = work.job?.state;
  useEffect(() => {
    seen.current ||= state === 'running';
    // The page shown is still of the previous version.
    if (seen.current && state === 'done') location.reload();
  }, [state]);
  return (
    <Card title={say(backupPageText.update)}>
      <ProblemBox problem={problem} />
      {value && <p class="quiet">{say(backupPageText.version(value.version))}</p>}
      {value?.cannot && <Note level="warn">{say(value.cannot)}</Note>}
      {value && !value.cannot && (
        // No `accept`: phones do not know the type and would grey the file out.
        <Form
          send={backupPageText.update}
          action={work}
          off={!file}
          onSend={() =>
            work.follow(box.post<Job>('update', file, { 'content-type': 'application/vnd.debian.binary-package' }))
          }
        >
          <FileField label={backupPageText.package} onFile={setFile} />
        </Form>
      )}
      {work.job && (state === 'done' ? <Note level="ok">{say(work.job.now)}</Note> : <JobProgress job={work.job} />)}
    </Card>
  );
}

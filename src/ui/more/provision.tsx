/** A provisioning file of the operator: what it would change, his key to compare at the first one, and how applying it goes. */
import { useState } from 'preact/hooks';
import type { Job, ProvisionLook, ProvisionView } from '../../page/api/api-setup.ts';
import { provisionPageText } from '../../text/page/ui-more.made.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { FileField, Form, Tick, WorkProgress } from '../inputs.tsx';
import { DoneNote, useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Button, Card, Copy, Note } from '../parts.tsx';

const TYPE = { 'content-type': 'application/vnd.lanewarden.provision' };

export function Provision() {
  const { value } = useLoad<ProvisionView>('provision');
  const [file, setFile] = useState<File | undefined>();
  const [look, setLook] = useState<ProvisionLook | undefined>();
  const [compared, setCompared] = useState(false);
  const looking = useAction();
  const work = useJob('provision');
  const choose = (chosen: File | undefined): void => {
    setFile(chosen);
    setLook(undefined);
    setCompared(false);
  };
  const apply = (): void => {
    const trust: Record<string, string> = look?.trusted === false ? { 'lanewarden-trust': look.signedBy } : {};
    void work.follow(box.post<Job>('provision', file, { ...TYPE, ...trust }));
  };
  return (
    <Card title={say(provisionPageText.title)}>
      <p class="quiet">{say(provisionPageText.hint)}</p>
      {value && <Copy text={`${value.name}: { key: "${value.key}" }`} />}
      <Form
        send={provisionPageText.look}
        action={looking}
        off={file === undefined}
        onSend={async () => {
          const answer = await looking.run(() => box.post<ProvisionLook>('provision/look', file, TYPE));
          setLook(answer.ok ? answer.value : undefined);
        }}
      >
        <FileField label={provisionPageText.file} onFile={choose} />
      </Form>
      {look && (
        <div class="changes above">
          <p>{say(provisionPageText.signedBy(look.signedBy, look.note))}</p>
          <ul>
            {look.lines.map((line) => (
              <li key={line.en}>{say(line)}</li>
            ))}
          </ul>
          {!look.trusted && (
            <>
              <Note level="warn">{say(provisionPageText.compare(look.signedBy))}</Note>
              <Tick text={provisionPageText.compared} on={compared} onValue={setCompared} />
            </>
          )}
          <Button look="main" onClick={apply} busy={work.busy} disabled={!look.trusted && !compared}>
            {say(provisionPageText.apply)}
          </Button>
        </div>
      )}
      <WorkProgress work={work} />
      <DoneNote job={work.job} />
    </Card>
  );
}

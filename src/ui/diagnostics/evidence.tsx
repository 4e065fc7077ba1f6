/** The chain of evidence: its newest signed head, the key of the box, and whether it fits. */
import type { EvidenceView, VerifyResult } from '../../page/api/api-intake.ts';
import type { Job } from '../../page/api/api-setup.ts';
import { hasRight } from '../../page/api/rights.ts';
import { evidenceText } from '../../text/page/ui-diagnostics.made.ts';
import { box, useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { JobProgress, useJob } from '../job.tsx';
import { say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, Copy, Note, ProblemBox, ShownFact } from '../parts.tsx';
import { Time } from '../time.tsx';

export function EvidenceCard({ role }: Pick<PageProps, 'role'>) {
  const { value: seen, problem } = useLoad<EvidenceView>('evidence');
  return (
    <Card title={say(evidenceText.title)}>
      <ProblemBox problem={problem} />
      {seen !== undefined && seen.signed === undefined && <p class="quiet">{say(evidenceText.none)}</p>}
      {seen?.signed && <Signed signed={seen.signed} />}
      {hasRight(role, 'office') && <Verify />}
      <HelpLink name="evidence" />
    </Card>
  );
}

interface SignedProps {
  readonly signed: NonNullable<EvidenceView['signed']>;
}

function Signed({ signed: { chain, last, head, atWallMs, key, ways, boxes } }: SignedProps) {
  return (
    <dl class="facts">
      <ShownFact name={evidenceText.key}>
        <Copy text={key} />
        <div class="quiet">{say(evidenceText.keyHint)}</div>
      </ShownFact>
      <ShownFact name={evidenceText.head}>
        <Copy text={`${chain} ${last} ${head}`} />
        <div class="quiet">
          {say(evidenceText.row(last))} · <Time wallMs={atWallMs} show="full" />
        </div>
      </ShownFact>
      <ShownFact name={evidenceText.left}>{ways.length === 0 ? say(evidenceText.nowhere) : ways.join(', ')}</ShownFact>
      <ShownFact name={evidenceText.boxes}>{boxes}</ShownFact>
    </dl>
  );
}

function Verify() {
  const work = useJob('verify');
  const { job } = work;
  const found = job?.result as VerifyResult | undefined;
  return (
    <>
      <p class="above">
        <Button icon="diagnostics" busy={work.busy} onClick={() => void work.follow(box.post<Job>('evidence/verify'))}>
          {say(evidenceText.verify)}
        </Button>
      </p>
      <ProblemBox problem={work.problem} />
      {job && job.state !== 'done' && <JobProgress job={job} onCancel={work.cancel} />}
      {job?.state === 'done' && found && (
        <Note level={found.fits ? 'ok' : 'error'}>
          {found.lines.map((line, at) => (
            <p key={at}>{line}</p>
          ))}
        </Note>
      )}
    </>
  );
}

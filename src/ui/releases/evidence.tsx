/** The evidence of a release as one file, for whoever has to check it elsewhere. */
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { box, keepFile, useAction } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Card, ProblemBox } from '../parts.tsx';

export function EvidenceOfRelease({ id }: { readonly id: number }) {
  const action = useAction();
  const take = () =>
    action.run(
      () => box.get<Blob>(`releases/${id}/evidence`),
      (file) => keepFile(file, `evidence-${id}.zip`),
    );
  return (
    <Card title={say(releasesText.evidence)} wide>
      <p class="quiet">{say(releasesText.evidenceHint)}</p>
      <p class="above">
        <Button text={releasesText.evidenceTake} icon="download" busy={action.busy} onClick={take} />
      </p>
      <ProblemBox problem={action.problem} />
    </Card>
  );
}

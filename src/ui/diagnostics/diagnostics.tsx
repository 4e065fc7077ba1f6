/** Diagnostics: checks of everything the box depends on, with remedies; and the support file. */
import type { DiagnoseResult } from '../../page/api/api-setup.ts';
import { hasRight } from '../../page/api/rights.ts';
import { diagnosticsText } from '../../text/page/ui-diagnostics.made.ts';
import { levelName } from '../../text/page/ui-parts.made.ts';
import { HelpLink } from '../help.tsx';
import { IntakeCard } from '../intake/intake.tsx';
import { JobProgress, useAdopted } from '../job.tsx';
import { say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, CheckRow, Download, Note, ProblemBox } from '../parts.tsx';
import { EvidenceCard } from './evidence.tsx';
import { ObservationsCard } from './observations.tsx';

export function Diagnostics({ role }: PageProps) {
  const work = useAdopted('diagnose');
  const { job } = work;
  const mayStart = hasRight(role, 'operator');
  const checks = (job?.result as DiagnoseResult | undefined)?.checks ?? [];
  const wrong = checks.filter(({ level }) => level !== 'ok').length;
  return (
    <>
      {(mayStart || job) && (
        <Card>
          <p class="quiet">{say(diagnosticsText.hint)}</p>
          {mayStart && (
            <p class="above">
              <Button look="main" icon="diagnostics" busy={work.busy} onClick={() => work.start()}>
                {say(checks.length > 0 ? diagnosticsText.again : diagnosticsText.start)}
              </Button>
            </p>
          )}
          <ProblemBox problem={work.problem} />
          {job && <JobProgress job={job} onCancel={work.cancel} />}
        </Card>
      )}
      {checks.length > 0 && (
        <Card title={say(diagnosticsText.result)}>
          {job?.state === 'done' && wrong === 0 && <Note level="ok">{say(diagnosticsText.allWell)}</Note>}
          <ul class="lined columns checks">
            {checks.map(({ name, level, found, todo }) => (
              <CheckRow key={`${name.en} ${found.en}`} tone={level} state={levelName[level]}>
                <strong>{say(name)}</strong>
                <p>{say(found)}</p>
                {todo && <p class="todo">{say(diagnosticsText.todo(todo))}</p>}
              </CheckRow>
            ))}
          </ul>
          {wrong > 0 && <HelpLink name="checks" />}
        </Card>
      )}
      <IntakeCard />
      <ObservationsCard />
      <EvidenceCard role={role} />
      {hasRight(role, 'installer') && (
        <Card title={say(diagnosticsText.support)}>
          <p class="quiet">{say(diagnosticsText.supportHint)}</p>
          <p class="above">
            <Download path="support">{say(diagnosticsText.download)}</Download>
          </p>
        </Card>
      )}
    </>
  );
}

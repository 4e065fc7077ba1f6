/** Configuration changes of a wizard step: comments kept, applied and confirmed. */
import { useEffect, useState } from 'preact/hooks';
import type { ApplyResult, Job } from '../../page/api/api-setup.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { waitingText } from '../../text/page/waiting.ts';
import type { Change, SecretValues } from '../config/schema.ts';
import { box, type FetchProblem } from '../fetch.ts';
import { JobProgress, LOOK_EVERY_MS, useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Note, ProblemBox } from '../parts.tsx';

export interface Applying {
  readonly busy: boolean;
  readonly done: boolean;
  run(changes: readonly Change[], secrets?: SecretValues): Promise<void>;
  /** Progress or failure. */
  readonly state: preact.JSX.Element | null;
}

/** `onDone`: in force and kept. The answer reaching this page proves that the box is still reachable. */
export function useApply(onDone: () => void): Applying {
  const job = useJob('apply');
  const [problem, setProblem] = useState<FetchProblem | undefined>();
  const [editing, setEditing] = useState(false);
  const [kept, setKept] = useState(false);
  const result = job.job?.state === 'done' ? (job.job.result as ApplyResult) : undefined;
  const isTrial = result?.state === 'trial';

  useEffect(() => {
    if (!isTrial) return;
    void box.post('config/keep').then((answer) => {
      // The first configuration of a box has no trial: there is no previous one.
      if (!answer.ok && answer.problem.code !== 'conflict') return setProblem(answer.problem);
      setKept(true);
      onDone();
    });
  }, [isTrial, job.job?.id]);

  const run = async (changes: readonly Change[], secrets?: SecretValues): Promise<void> => {
    setEditing(true);
    setKept(false);
    setProblem(undefined);
    job.clear();
    const put = () => box.put<Job>('config', { changes, ...(secrets && { secrets }) });
    let begun = await put();
    // One is applied at a time: what a second person agreed to is tried for some 20 s, and what comes next is made from it.
    while (!begun.ok && begun.problem.code === 'busy') {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      begun = await put();
    }
    await job.follow(Promise.resolve(begun));
    setEditing(false);
  };
  const faults = result?.faults ?? [];
  return {
    busy: editing || job.busy || (isTrial && !kept && problem === undefined),
    done: kept,
    run,
    state: (
      <>
        <ProblemBox problem={problem ?? job.problem} />
        {(editing || job.busy) && <p class="hint">{say(wizardText.writing)}</p>}
        {job.job !== undefined && job.job.state !== 'done' && <JobProgress job={job.job} />}
        {result?.state === 'reverted' && (
          <Note level="error">
            <p>
              {say(wizardText.notWritten)}
              {result.why && `: ${say(result.why)}`}
            </p>
            <ul>
              {faults.map((fault) => (
                <li key={fault.path}>
                  <code>{fault.path}</code> {say(fault.message)} {say(fault.hint)}
                </li>
              ))}
            </ul>
          </Note>
        )}
        {result?.state === 'waits' && <Note level="warn">{say(waitingText.held)}</Note>}
        {kept && <Note level="ok">{say(wizardText.written)}</Note>}
      </>
    ),
  };
}

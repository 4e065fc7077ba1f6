/** Configuration changes of a wizard step: edited value by value, comments kept, then applied and confirmed. */
import { useEffect, useState } from 'preact/hooks';
import type { ApplyResult, ConfigView, Job } from '../../page/api/api-setup.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { waitingText } from '../../text/page/waiting.ts';
import { box, type FetchResult } from '../fetch.ts';
import { JobProgress, LOOK_EVERY_MS, useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Note, ProblemBox } from '../parts.tsx';

export interface Change {
  readonly path: readonly (string | number)[];
  /** Absent: removed. */
  readonly value?: unknown;
}
export type SecretValues = Readonly<Record<string, string>>;

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
  const [problem, setProblem] = useState<Extract<FetchResult<never>, { ok: false }>['problem'] | undefined>();
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
    await othersEnd();
    setProblem(await edit(changes, secrets));
    setEditing(false);
  };
  /** One is applied at a time: what a second person agreed to is tried for some 20 s, and what comes next is made from it. */
  const othersEnd = async (): Promise<void> => {
    const jobs = await box.get<readonly Job[]>('jobs');
    if (!jobs.ok || !jobs.value.some(({ kind, state }) => kind === 'apply' && state === 'running')) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    return othersEnd();
  };
  const edit = async (changes: readonly Change[], secrets?: SecretValues) => {
    const config = await box.get<ConfigView>('config');
    if (!config.ok) return config.problem;
    let { yaml } = config.value;
    for (const change of changes) {
      const edited = await box.post<{ readonly yaml: string }>('config/edit', { yaml, ...change });
      if (!edited.ok) return edited.problem;
      yaml = edited.value.yaml;
    }
    await job.follow(box.put('config', { yaml, base: config.value.base, ...(secrets && { secrets }) }));
    return undefined;
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

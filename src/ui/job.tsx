/** What takes longer than a second: how far it is, how long still, and a way to stop it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Job, JobKind } from '../page/api/api-setup.ts';
import { partText } from '../text/page/ui-parts.ts';
import { box, type FetchProblem, type FetchResult } from './fetch.ts';
import { say } from './language.ts';
import { useLive } from './live.ts';
import { Badge, Button } from './parts.tsx';
import { duration } from './time.tsx';

const LOOK_EVERY_MS = 700;

export interface JobInHand {
  readonly job: Job | undefined;
  readonly problem: FetchProblem | undefined;
  readonly busy: boolean;
  /** `POST /api/v1/jobs` with this kind. */
  start(parameters?: object): Promise<void>;
  /** One that another request began (apply, restore). */
  follow(asked: Promise<FetchResult<Job>>): Promise<void>;
  cancel(): Promise<void>;
  clear(): void;
}

export function useJob(kind: JobKind): JobInHand {
  const [job, setJob] = useState<Job | undefined>();
  const [problem, setProblem] = useState<FetchProblem | undefined>();
  const [starting, setStarting] = useState(false);
  const id = useRef<string | undefined>();
  const running = job?.state === 'running';

  useLive((event) => {
    if (event.event === 'job' && event.data.id === id.current) setJob(event.data);
  });
  // The stream may be broken just then (an apply starts the lanes anew): ask as well.
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(async () => {
      const answer = await box.get<Job>(`jobs/${id.current}`);
      if (answer.ok) {
        setProblem(undefined);
        if (answer.value.id === id.current) setJob(answer.value);
      } else if (answer.problem.code === 'notFound') {
        setJob(undefined);
        setProblem(answer.problem);
      }
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [running]);

  const follow = async (asked: Promise<FetchResult<Job>>): Promise<void> => {
    setStarting(true);
    setProblem(undefined);
    const answer = await asked;
    setStarting(false);
    if (!answer.ok) return setProblem(answer.problem);
    id.current = answer.value.id;
    setJob(answer.value);
  };
  return {
    job,
    problem,
    busy: starting || running,
    follow,
    start: (parameters = {}) => follow(box.post<Job>('jobs', { ...parameters, kind })),
    cancel: async () => {
      const answer = await box.remove<Job | undefined>(`jobs/${id.current}`);
      if (!answer.ok) setProblem(answer.problem);
    },
    clear: () => {
      id.current = undefined;
      setJob(undefined);
      setProblem(undefined);
    },
  };
}

/** The same, and what is under way already or ended last is taken up: a phone that slept loses nothing. */
export function useAdopted(kind: JobKind): JobInHand {
  const work = useJob(kind);
  useEffect(() => {
    void box.get<readonly Job[]>('jobs').then((answer) => {
      const last = answer.ok ? answer.value.filter((job) => job.kind === kind).pop() : undefined;
      if (last !== undefined) void work.follow(Promise.resolve({ ok: true, value: last }));
    });
  }, [kind]);
  return work;
}

/** How far a job is. `onCancel` absent: it cannot be stopped. */
export function JobProgress({ job, onCancel }: { readonly job: Job; readonly onCancel?: () => void }) {
  if (job.state !== 'running') {
    const text = { done: partText.jobDone, failed: partText.jobFailed, cancelled: partText.jobCancelled }[job.state];
    const tone = { done: 'ok', failed: 'error', cancelled: 'idle' } as const;
    return (
      <p class="job" role="status">
        <Badge tone={tone[job.state]}>{say(text)}</Badge> {job.error && say(job.error)}
      </p>
    );
  }
  return (
    <div class="job">
      <div class="row">
        <span role="status">{say(job.now)}</span>
        <span class="quiet">
          {job.part !== undefined && `${Math.round(job.part * 100)} % `}
          {job.leftMs !== undefined && say(partText.left(duration(job.leftMs)))}
        </span>
        {onCancel && <Button onClick={onCancel}>{say(partText.cancel)}</Button>}
      </div>
      <progress max={1} aria-label={say(job.now)} {...(job.part !== undefined && { value: job.part })} />
    </div>
  );
}

/** Jobs: start, progress, time left, cancel. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Job, JobKind } from '../page/api/api-setup.ts';
import { partText } from '../text/page/ui-parts.made.ts';
import { waitingText } from '../text/page/waiting.ts';
import type { Text } from '../text/text.ts';
import { box, type FetchProblem, type FetchResult } from './fetch.ts';
import { say } from './language.ts';
import { useLive } from './live.ts';
import { Badge, Button, Note } from './parts.tsx';
import { duration } from './time.tsx';

export const LOOK_EVERY_MS = 700;

export interface JobInHand {
  readonly job: Job | undefined;
  readonly problem: FetchProblem | undefined;
  readonly busy: boolean;
  /** `POST /api/v1/jobs` with this kind. */
  start(parameters?: object): Promise<void>;
  /** Follows a job that another request started (apply, restore). */
  follow(started: Promise<FetchResult<Job>>): Promise<void>;
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
  // The stream may be down meanwhile (an apply restarts the lanes): poll as well.
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

  const follow = async (started: Promise<FetchResult<Job>>): Promise<void> => {
    setStarting(true);
    setProblem(undefined);
    const answer = await started;
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

/** The same, resuming a running or recently ended job, so that a sleeping phone loses nothing. */
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

/** Of a job that has ended well: done, or waiting for a second person. */
export function DoneNote({ job, text }: { readonly job: Job | undefined; readonly text?: Text }) {
  if (job?.state !== 'done') return null;
  const waits = job.result !== undefined && 'state' in job.result && job.result.state === 'waits';
  return <Note level={waits ? 'warn' : 'ok'}>{say(waits ? waitingText.held : (text ?? job.now))}</Note>;
}

/** Progress of a job. `onCancel` absent: it cannot be cancelled. */
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
        {onCancel && <Button text={partText.cancel} onClick={onCancel} />}
      </div>
      <progress max={1} aria-label={say(job.now)} {...(job.part !== undefined && { value: job.part })} />
    </div>
  );
}

/** The change that waits for a second person, on every page of every user: who, what, until when; agree or withdraw. */
import type { UserRole, WaitingChange } from '../page/api/api.ts';
import type { Job } from '../page/api/api-setup.ts';
import { hasRight } from '../page/api/rights.ts';
import { WAITING_KIND, waitingText } from '../text/page/waiting.ts';
import { left } from './arrivals.ts';
import { box, useAction } from './fetch.ts';
import { Icon } from './icons.tsx';
import { JobProgress, useJob } from './job.tsx';
import { say } from './language.ts';
import { refreshOverview } from './live.ts';
import { Button, ProblemBox } from './parts.tsx';
import { countdown, useNow } from './time.tsx';

interface WaitingProps {
  readonly waiting: WaitingChange;
  readonly role: UserRole;
  readonly user: string;
}

export function WaitingBar({ waiting, role, user }: WaitingProps) {
  const now = useNow(1_000);
  const agreeing = useJob('apply');
  const withdrawing = useAction();
  const { id, kind, by, lanes, changes, more = 0 } = waiting;
  const mayAgree = hasRight(role, 'auditor') && user !== by;
  return (
    <section class="bar warn waiting" aria-label={say(waitingText.title(by, WAITING_KIND[kind]))}>
      <Icon name="wait" />
      <div>
        <strong>{say(waitingText.title(by, WAITING_KIND[kind]))}</strong>
        {lanes.length > 0 && <p>{say(waitingText.lanes(lanes))}</p>}
        {changes.length > 0 && (
          <ul>
            {changes.map(({ path, before = '', after = '' }) => (
              <li key={path}>
                <code>{path}</code>: {before} → {after}
              </li>
            ))}
            {more > 0 && <li>{say(waitingText.more(more))}</li>}
          </ul>
        )}
        <p>{say(waitingText.due(countdown(left(waiting, waiting.dueInMs, now))))}</p>
        <ProblemBox problem={agreeing.problem ?? withdrawing.problem} />
        {agreeing.job && <JobProgress job={agreeing.job} />}
        <div class="row">
          {mayAgree && (
            <Button
              look="main"
              busy={agreeing.busy}
              onClick={() => agreeing.follow(box.post<Job>('waiting/agree', { id }))}
            >
              {say(waitingText.agree)}
            </Button>
          )}
          {hasRight(role, 'office') && (
            <Button
              busy={withdrawing.busy}
              onClick={async () => {
                await withdrawing.run(() => box.post('waiting/withdraw', { id }));
                refreshOverview();
              }}
            >
              {say(waitingText.withdraw)}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

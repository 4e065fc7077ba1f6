/** The upload queue: records, reasons, and the next attempt. */
import { useState } from 'preact/hooks';
import type { QueueView, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { overviewPageText, uploaderState } from '../../text/page/ui-overview.ts';
import { destinationState, queuePageText } from '../../text/page/ui-queue.made.ts';
import type { Text } from '../../text/text.ts';
import { grown, left } from '../arrivals.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { Ask, Opens } from '../inputs.tsx';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Badge, Button, Card, Download, Empty, LoadState, Note, ProblemBox, ShownFact } from '../parts.tsx';
import { Row } from '../releases/row.tsx';
import { StateBadge } from '../releases/state.tsx';
import { place } from '../route.ts';
import { duration, Time, useNow } from '../time.tsx';
import { UnconfirmedPeers } from './unconfirmed.tsx';

export function Queue({ role }: PageProps) {
  const queue = useLoad<QueueView>('queue');
  useLive((event) => {
    if (event.event === 'queue' || event.event === 'release') queue.reload();
  });
  const seen = queue.value;
  if (seen === undefined) return <LoadState of={queue} />;
  return (
    <>
      <ProblemBox problem={queue.problem} />
      <Brief view={seen} role={role} onDone={queue.reload} />
      {seen.destinations.length > 1 && <Destinations view={seen} role={role} onDone={queue.reload} />}
      {hasRight(role, 'installer') && <UnconfirmedPeers />}
      {seen.causes.length > 0 && <Causes view={seen} />}
      <HelpLink name="queue" />
      <Waiting view={seen} />
    </>
  );
}

interface BriefProps {
  readonly view: QueueView;
  readonly role: UserRole;
  readonly onDone: () => void;
}

function Brief({ view, role, onDone }: BriefProps) {
  const { brief } = view;
  const now = useNow();
  const [retried, setRetried] = useState<number | undefined>();
  const action = useAction();
  const retry = () =>
    action.run(
      () => box.post<{ count: number }>('queue/retry'),
      ({ count }) => {
        setRetried(count);
        onDone();
      },
    );
  const resume = () => action.run(() => box.post('queue/resume'), onDone);
  const waits = brief.waiting + brief.held + brief.parked;
  const tone = brief.uploader === 'refused' ? 'error' : ['offline', 'paused'].includes(brief.uploader) ? 'warn' : 'ok';
  return (
    <Card
      title={
        <>
          {brief.waiting} <span class="quiet">{say(overviewPageText.waiting)}</span>
        </>
      }
      tools={
        <Badge tone={tone} {...(brief.uploader === 'paused' && { icon: 'pause' as const })}>
          {say(uploaderState[brief.uploader])}
        </Badge>
      }
    >
      {brief.why && (
        <Note level={tone}>
          {say(brief.why)}
          {brief.offlineForMs !== undefined &&
            ` · ${say(queuePageText.offlineFor(duration(grown(view, brief.offlineForMs, now))))}`}
          <OwnWords detail={brief.detail} />
        </Note>
      )}
      <Paused by={brief.paused} />
      <BriefFacts view={view} />
      <p class="hint">{say(queuePageText.allSafe)}</p>
      {hasRight(role, 'operator') && (
        <div class="row above">
          <Button text={queuePageText.retryAll} look="main" onClick={retry} busy={action.busy} disabled={waits === 0} />
          {brief.uploader === 'paused' ? (
            <Button text={queuePageText.resume} onClick={resume} busy={action.busy} />
          ) : (
            <Opens
              text={queuePageText.pause}
              dialog={(onClose) => (
                <Ask
                  title={queuePageText.pauseAsk}
                  yes={queuePageText.pause}
                  ask={() => box.post('queue/pause')}
                  {...{ onDone, onClose }}
                >
                  <p>{say(queuePageText.pauseHint)}</p>
                </Ask>
              )}
            />
          )}
          <Export />
          {retried !== undefined && <span role="status">{say(queuePageText.retried(retried))}</span>}
        </div>
      )}
      {!hasRight(role, 'operator') && hasRight(role, 'office') && <Export />}
      <ProblemBox problem={action.problem} />
    </Card>
  );
}

const Export = () => <Download path="queue/export">{say(queuePageText.export)}</Download>;

const Paused = ({ by }: { readonly by: QueueView['brief']['paused'] }) =>
  by && (
    <Note level="warn">
      {say(queuePageText.pausedBy(by.who))} <Time wallMs={by.untilWallMs} />
    </Note>
  );

/** "In 0 ms" says nothing. */
const inTime = (ms: number): Text => (ms < 1_000 ? queuePageText.now : overviewPageText.inTime(duration(ms)));

function BriefFacts({ view }: { readonly view: QueueView }) {
  const { brief } = view;
  const now = useNow();
  return (
    <dl class="facts">
      <ShownFact name={overviewPageText.oldest}>
        {brief.oldestForMs !== undefined && say(duration(grown(view, brief.oldestForMs, now)))}
      </ShownFact>
      <ShownFact name={overviewPageText.nextTry}>
        {brief.nextTryInMs !== undefined && brief.waiting > 0 && say(inTime(left(view, brief.nextTryInMs, now)))}
      </ShownFact>
      <ShownFact name={overviewPageText.delivered}>{brief.delivered}</ShownFact>
    </dl>
  );
}

/** Beside the platform, which has the card above. */
function Destinations({ view, role, onDone }: BriefProps) {
  return (
    <Card title={say(queuePageText.destinations)}>
      <ul class="lined columns destinations">
        {view.destinations.map((row) => (
          <Destination key={row.name} row={row} view={view} role={role} onDone={onDone} />
        ))}
      </ul>
    </Card>
  );
}

const TONES = { idle: 'ok', working: 'ok', failing: 'warn', paused: 'warn', stopped: 'error' } as const;

function Destination({ row, view, role, onDone }: BriefProps & { readonly row: QueueView['destinations'][number] }) {
  const now = useNow();
  const action = useAction();
  const { name, kind, state, waiting, oldestForMs, arrived, failed, lastError } = row;
  const rests = state === 'paused' || state === 'stopped';
  const change = () =>
    action.run(() => box.post(rests ? 'queue/resume' : 'queue/pause', { destination: name }), onDone);
  const mayPause = hasRight(role, 'operator') && !['4pyun', 'mqtt', 'ping'].includes(kind);
  return (
    <li>
      <div>
        <p>
          <strong>{kind === '4pyun' ? say(queuePageText.platform) : name}</strong>{' '}
          {kind !== name && <span class="quiet">{kind}</span>}{' '}
          <Badge tone={TONES[state]}>{say(destinationState[state])}</Badge>
        </p>
        <p class="quiet">
          {kind !== 'ping' && `${say(queuePageText.waits(waiting))} · `}
          {oldestForMs !== undefined &&
            waiting > 0 &&
            `${say(queuePageText.oldest)} ${say(duration(grown(view, oldestForMs, now)))} · `}
          {say(queuePageText.sinceStart(arrived, failed))}
        </p>
        {lastError && state !== 'idle' && state !== 'working' && <p class="quiet">{say(lastError)}</p>}
        <ProblemBox problem={action.problem} />
      </div>
      {mayPause && (
        <Button text={rests ? queuePageText.resumeOne : queuePageText.pauseOne} onClick={change} busy={action.busy} />
      )}
    </li>
  );
}

const OwnWords = ({ detail }: { readonly detail: string | undefined }) =>
  detail === undefined ? null : (
    <details>
      <summary>{say(queuePageText.ownWords)}</summary>
      <p class="own-words">{detail}</p>
    </details>
  );

function Causes({ view }: { readonly view: QueueView }) {
  const now = useNow();
  const { brief } = view;
  return (
    <Card title={say(queuePageText.causes)}>
      <ul class="lined columns causes">
        {view.causes.map((cause) => (
          <li key={cause.state + cause.why.zh}>
            <a class="cause-count" href={place('releases', { state: cause.state })}>
              {cause.count}
            </a>
            <div>
              <p>
                <StateBadge state={cause.state} /> {say(cause.why)}
              </p>
              {cause.detail !== brief.detail && <OwnWords detail={cause.detail} />}
              <p class="quiet">
                {say(queuePageText.oldest)} <Time wallMs={cause.oldestWallMs} /> ·{' '}
                {cause.nextTryInMs === undefined
                  ? say(
                      brief.uploader === 'paused' && cause.state === 'waiting'
                        ? uploaderState.paused
                        : queuePageText.byHand,
                    )
                  : `${say(queuePageText.next)} ${say(inTime(left(view, cause.nextTryInMs, now)))}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Waiting({ view }: { readonly view: QueueView }) {
  const { items, brief } = view;
  const all = brief.waiting + brief.held + brief.parked;
  if (items.length === 0)
    return (
      <Card>
        <Empty>{say(queuePageText.empty)}</Empty>
      </Card>
    );
  return (
    <section>
      <h2 class="list-title">
        {say(queuePageText.items)}{' '}
        {items.length < all && <span class="quiet">{say(queuePageText.firstShown(items.length))}</span>}
      </h2>
      <ul class="releases">
        {items.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

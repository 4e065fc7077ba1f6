/** One release in detail. */
import type { ReleaseDetail, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { clockQuality } from '../../text/page/ui-parts.ts';
import { confidenceName, releasesText } from '../../text/page/ui-releases.ts';
import { operatorSource, owedText } from '../../text/page/ui-review.ts';
import { shellText } from '../../text/page/ui-shell.ts';
import { useLoad } from '../fetch.ts';
import { Icon } from '../icons.tsx';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import { Card, Copy, Loading, ProblemBox } from '../parts.tsx';
import { ReviewCard } from '../review/review-card.tsx';
import { place } from '../route.ts';
import { clock, day, duration, Time } from '../time.tsx';
import { aheadMs } from '../units.ts';
import { Actions } from './actions.tsx';
import { ComparisonCard, RequestCard, Tries } from './delivery.tsx';
import { EvidenceOfRelease } from './evidence.tsx';
import { PicturesCard } from './pictures.tsx';
import { StateBadge } from './state.tsx';
import { TimelineCard } from './timeline.tsx';

export function Detail({ id, role }: { readonly id: string; readonly role: UserRole }) {
  const detail = useLoad<ReleaseDetail>(`releases/${encodeURIComponent(id)}`);
  useLive((event) => {
    if (event.event === 'release' && String(event.data.id) === id) detail.reload();
  });
  const seen = detail.value;
  return (
    <>
      <p class="back">
        <a href={place('releases')}>
          <Icon name="back" />
          {say(releasesText.backToList)}
        </a>
      </p>
      <ProblemBox problem={detail.problem} />
      {seen === undefined && detail.problem === undefined && <Loading text={shellText.loading} />}
      {seen !== undefined && (
        <div class="grid two">
          <PicturesCard detail={seen} />
          <About detail={seen} />
          <Actions detail={seen} role={role} onDone={detail.reload} />
          <ReviewCard detail={seen} role={role} />
          <Facts detail={seen} />
          <TimelineCard id={id} />
          <Tries tries={seen.tries} row={seen.row} />
          {seen.comparison && <ComparisonCard text={seen.comparison} />}
          <RequestCard request={seen.request} />
          {hasRight(role, 'auditor') && <EvidenceOfRelease id={seen.row.id} />}
        </div>
      )}
    </>
  );
}

const minute = (wallMs: number): string => `${day(wallMs).slice(5)} ${clock(wallMs).slice(0, 5)}`;

function About({ detail: { row } }: { readonly detail: ReleaseDetail }) {
  return (
    <Card title={say(row.desc)} tools={<StateBadge state={row.state} />}>
      <dl class="facts">
        <dt>{say(releasesText.plate)}</dt>
        <dd>
          {row.plate === undefined ? (
            say(releasesText.noPlate)
          ) : (
            <span class={`plate ${row.plateColor ?? ''}`}>{row.plate}</span>
          )}
        </dd>
        <dt>{say(releasesText.lane)}</dt>
        <dd>
          {row.laneName} <span class="quiet">{row.laneId}</span>
        </dd>
        <dt>{say(releasesText.when)}</dt>
        <dd>
          <Time wallMs={row.releaseWallMs} show="full" milliseconds />
        </dd>
        <dt>{say(releasesText.timeQuality)}</dt>
        <dd>{say(clockQuality[row.timeQuality])}</dd>
        <dt>{say(releasesText.confidence)}</dt>
        <dd>
          {say(confidenceName[row.confidence] ?? { zh: row.confidence, en: row.confidence })}
          {row.score !== undefined && (
            <>
              {' · '}
              {row.score}/100 <div class="quiet">{say(releasesText.scoreMeaning)}</div>
            </>
          )}
        </dd>
        <dt>{say(releasesText.reason)}</dt>
        <dd>{say(row.reason)}</dd>
        {row.operator !== undefined && (
          <>
            <dt>{say(releasesText.operator)}</dt>
            <dd>
              {row.operator} {row.operatorBy && <span class="quiet">{say(operatorSource[row.operatorBy])}</span>}
            </dd>
          </>
        )}
        {row.owed !== undefined && (
          <>
            <dt>{say(owedText.label)}</dt>
            <dd>{say(owedText.long(row.owed, minute(row.owed.wallMs)))}</dd>
          </>
        )}
        {row.state === 'waiting' && (row.waits !== undefined || row.nextTryInMs !== undefined) && (
          <>
            <dt>{say(releasesText.waits)}</dt>
            <dd>
              {row.waits && say(row.waits)}{' '}
              {row.nextTryInMs !== undefined && say(releasesText.nextIn(duration(aheadMs(row.nextTryInMs))))}
            </dd>
          </>
        )}
        {row.lastWhy && row.state !== 'delivered' && (
          <>
            <dt>{say(releasesText.lastWhy)}</dt>
            <dd>{say(row.lastWhy)}</dd>
          </>
        )}
        <dt>{say(releasesText.serial)}</dt>
        <dd>
          <Copy text={row.serial} />
        </dd>
        {row.seqno && (
          <>
            <dt>{say(releasesText.seqno)}</dt>
            <dd>
              <Copy text={row.seqno} />
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}

const Facts = ({ detail: { facts } }: { readonly detail: ReleaseDetail }) => (
  <Card title={say(releasesText.facts)} wide>
    <ol class="reasons">
      {facts.map(({ atWallMs, text }, index) => (
        <li key={index}>
          <span class="reason-time">
            {atWallMs !== undefined && <Time wallMs={atWallMs} show="clock" milliseconds />}
          </span>
          <span>{say(text)}</span>
        </li>
      ))}
    </ol>
  </Card>
);

/** One release in detail. */
import type { ReleaseDetail, ReleaseList } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { clockQuality } from '../../text/page/ui-parts.made.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { inboxText, operatorSource, owedText } from '../../text/page/ui-review.ts';
import type { Text } from '../../text/text.ts';
import { useLoad } from '../fetch.ts';
import { Icon } from '../icons.tsx';
import { INBOX } from '../inbox/verdicts.ts';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Card, Copy, LoadState, ShownFact } from '../parts.tsx';
import { ReviewCard } from '../review/review-card.tsx';
import { place, search } from '../route.ts';
import { clock, day, duration, Time } from '../time.tsx';
import { aheadMs } from '../units.ts';
import { Actions } from './actions.tsx';
import { ComparisonCard, RequestCard, Tries } from './delivery.tsx';
import { EvidenceOfRelease } from './evidence.tsx';
import { filtersOf } from './filters.tsx';
import { ON_A_PAGE } from './list.tsx';
import { Pictures } from './pictures.tsx';
import { ShownPlate, StateBadge } from './state.tsx';
import { TimelineCard } from './timeline.tsx';

/** The query of its address is that of the list that it was opened from. */
export function Detail({ route: { path, query }, role }: PageProps) {
  const id = path[1] ?? '';
  const detail = useLoad<ReleaseDetail>(`releases/${encodeURIComponent(id)}`);
  useLive((event) => {
    if (event.event === 'release' && String(event.data.id) === id) detail.reload();
  });
  const seen = detail.value;
  return (
    <>
      <Neighbours id={Number(id)} query={query} />
      <LoadState of={detail} />
      {seen !== undefined && (
        <div class="grid two">
          <Card title={say(releasesText.picture)}>
            <Pictures row={seen.row} why={seen.pictureWhy} />
          </Card>
          <About detail={seen} />
          <Actions detail={seen} role={role} onDone={detail.reload} />
          <ReviewCard detail={seen} role={role} />
          <Facts detail={seen} />
          {hasRight(role, 'viewer') && <TimelineCard id={id} />}
          <Tries tries={seen.tries} row={seen.row} />
          {seen.comparison && <ComparisonCard text={seen.comparison} />}
          <RequestCard request={seen.request} />
          {hasRight(role, 'auditor') && <EvidenceOfRelease id={seen.row.id} />}
        </div>
      )}
    </>
  );
}

/** Back to the row of its list, and on to those beside it there. */
function Neighbours({ id, query }: Pick<PageProps['route'], 'query'> & { readonly id: number }) {
  const filters = filtersOf(query);
  const { before } = query;
  const isInbox = filters.marked === INBOX.marked;
  const limit = isInbox ? INBOX.limit : ON_A_PAGE + 1;
  const list = useLoad<ReleaseList>(`releases${search({ ...filters, before, limit })}`).value;
  const items = list?.items ?? [];
  // One that was decided on is no longer among them, and still has its place.
  const isHere = list?.next === undefined || items.some((each) => each.id <= id);
  const older = isHere ? items.findIndex((each) => each.id < id) : -1;
  const newer = items.filter((each) => isHere && each.id > id).length - 1;
  const link = (index: number, name: Text, icon: 'back' | 'next') => {
    const to = items[index];
    if (to === undefined) return null;
    // The page of the list that begins with it.
    const from = !isInbox && index >= ON_A_PAGE ? id : before;
    return (
      <a href={place(`releases/${to.id}`, { ...filters, before: from })}>
        {icon === 'back' && <Icon name="back" />}
        {say(name)}
        {icon === 'next' && <Icon name="next" />}
      </a>
    );
  };
  return (
    <nav class="back" aria-label={say(releasesText.backToList)}>
      <a href={isInbox ? place(`inbox/${id}`) : place('releases', { ...filters, before, at: id })}>
        {say(isInbox ? inboxText.backToInbox : releasesText.backToList)}
      </a>
      {link(newer, inboxText.newer, 'back')}
      {link(older, inboxText.older, 'next')}
    </nav>
  );
}

const minute = (wallMs: number): string => `${day(wallMs).slice(5)} ${clock(wallMs).slice(0, 5)}`;

function About({ detail: { row } }: { readonly detail: ReleaseDetail }) {
  return (
    <Card title={say(row.desc)} tools={<StateBadge state={row.state} />}>
      <dl class="facts">
        <ShownFact name={releasesText.plate}>
          <ShownPlate of={row} />
        </ShownFact>
        <ShownFact name={releasesText.lane}>
          {row.laneName} <span class="quiet">{row.laneId}</span>
        </ShownFact>
        <ShownFact name={releasesText.when}>
          <Time wallMs={row.releaseWallMs} show="full" milliseconds />
        </ShownFact>
        <ShownFact name={releasesText.timeQuality}>{say(clockQuality[row.timeQuality])}</ShownFact>
        <ShownFact name={releasesText.confidence}>
          {say(releasesText.sure(row.confidence))}
          {row.score !== undefined && (
            <>
              {' · '}
              {row.score}/100 <div class="quiet">{say(releasesText.scoreMeaning)}</div>
            </>
          )}
        </ShownFact>
        <ShownFact name={releasesText.reason}>{say(row.reason)}</ShownFact>
        {row.operator !== undefined && (
          <ShownFact name={releasesText.operator}>
            {row.operator} {row.operatorBy && <span class="quiet">{say(operatorSource[row.operatorBy])}</span>}
          </ShownFact>
        )}
        <ShownFact name={owedText.label}>
          {row.owed && say(owedText.long[row.owed.by](row.owed.amount, minute(row.owed.wallMs)))}
        </ShownFact>
        {row.state === 'waiting' && (row.waits !== undefined || row.nextTryInMs !== undefined) && (
          <ShownFact name={releasesText.waits}>
            {row.waits && say(row.waits)}{' '}
            {row.nextTryInMs !== undefined && say(releasesText.nextIn(duration(aheadMs(row.nextTryInMs))))}
          </ShownFact>
        )}
        <ShownFact name={releasesText.lastWhy}>
          {row.state !== 'delivered' && row.lastWhy && say(row.lastWhy)}
        </ShownFact>
        <ShownFact name={releasesText.serial}>
          <Copy text={row.serial} />
        </ShownFact>
        <ShownFact name={releasesText.seqno}>{row.seqno && <Copy text={row.seqno} />}</ShownFact>
      </dl>
    </Card>
  );
}

const Facts = ({ detail: { facts } }: { readonly detail: ReleaseDetail }) => (
  <Card title={say(releasesText.facts)} wide>
    <ol class="lined columns reasons">
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

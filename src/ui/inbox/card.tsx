/** One record to decide on: its pictures, who was on duty, the reason in one sentence. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ReleaseListRow } from '../../page/api/api.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { inboxText, MARK_NAME, owedText } from '../../text/page/ui-review.ts';
import { say } from '../language.ts';
import { Note } from '../parts.tsx';
import { Pictures } from '../releases/pictures.tsx';
import { ShownPlate, StateBadge } from '../releases/state.tsx';
import { place as address, go } from '../route.ts';
import { Time } from '../time.tsx';
import type { Swipe } from './swipe.ts';

interface CardProps {
  readonly row: ReleaseListRow;
  readonly swipe?: Swipe;
  /** Not shown yet. */
  readonly isNext?: boolean;
}

const TO = { left: 'owed', right: 'checked' } as const;

export function InboxCard({ row, swipe, isNext = false }: CardProps) {
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // Not in the markup, where the policy forbids it.
    if (place.current) place.current.style.transform = swipe?.x ? `translateX(${swipe.x}px)` : '';
  }, [swipe?.x]);
  return (
    <article ref={place} class="card inbox-card" hidden={isNext} {...swipe?.on}>
      {swipe?.to && <p class="swiped">{say(MARK_NAME[TO[swipe.to]])}</p>}
      <Pictures row={row} />
      <p class="inbox-head">
        <ShownPlate of={row} />
        <strong>{say(row.desc)}</strong>
        <StateBadge state={row.state} />
      </p>
      <p>{say(row.reason)}</p>
      <p class="quiet">
        {row.laneName} · <Time wallMs={row.releaseWallMs} /> ·{' '}
        {say(row.operator === undefined ? inboxText.nobodyOnDuty : inboxText.onDuty(row.operator))}
        {row.owed !== undefined && ` · ${say(owedText.short[row.owed.by](row.owed.amount))}`}
      </p>
      <Disputed row={row} />
      <a
        class="button link"
        href={address(`releases/${row.id}`, { marked: 'inbox' })}
        onClick={() => go(address(`inbox/${row.id}`), true)}
      >
        {say(inboxText.details)}
      </a>
    </article>
  );
}

/** What somebody holds against it. */
export const Disputed = ({ row: { state, answer, wishedAway } }: Pick<CardProps, 'row'>) => (
  <>
    {answer !== undefined && <Note level="warn">{say(inboxText.answered(answer.who, answer.words ?? ''))}</Note>}
    {wishedAway && <Note level="warn">{say(inboxText.wished(wishedAway.who, wishedAway.why))}</Note>}
    {state === 'kept' && <p class="hint">{say(releasesText.keptWhy)}</p>}
  </>
);

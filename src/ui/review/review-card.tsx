/** The review of one record: what was said so far, the marks, and of a tailgater the vehicle in front. */
import { useState } from 'preact/hooks';
import type { ReleaseDetail, UserRole } from '../../page/api/api.ts';
import type { MarkKind, MarkRow, ReviewView } from '../../page/api/api-duty.ts';
import { hasRight } from '../../page/api/rights.ts';
import { MARK_NAME, reviewText } from '../../text/page/ui-review.ts';
import { box, boxAddress, useAction, useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { InputField, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Card, Empty, ProblemBox } from '../parts.tsx';
import { place } from '../route.ts';
import { Time } from '../time.tsx';
import { frontPictures } from './front-pictures.ts';
import { MarkBadge } from './mark.tsx';
import { markBody } from './mark-body.ts';

export function ReviewCard({ detail, role }: { readonly detail: ReleaseDetail; readonly role: UserRole }) {
  const { id } = detail.row;
  const review = useLoad<ReviewView>(`releases/${id}/review`);
  const seen = review.value;
  const [who, second] = seen?.droppedBy?.split(', ') ?? [];
  return (
    <>
      {seen?.front && <Front detail={detail} front={seen.front} />}
      <Card title={say(reviewText.title)} wide>
        <ProblemBox problem={review.problem} />
        {seen !== undefined && seen.marks.length === 0 && detail.row.state !== 'dropped' && (
          <Empty>{say(reviewText.nothing)}</Empty>
        )}
        {who !== undefined && <p>{say(reviewText.droppedBy(who, second))}</p>}
        <ol class="lined columns tries">
          {seen?.marks.map((mark) => (
            <li key={`${mark.atWallMs} ${mark.kind}`}>
              <Time wallMs={mark.atWallMs} />
              <Said mark={mark} />
            </li>
          ))}
        </ol>
        {hasRight(role, 'operator') && seen !== undefined && <MarkForm row={detail.row} onDone={review.reload} />}
        <HelpLink name="decide" />
      </Card>
    </>
  );
}

function Said({ mark }: { readonly mark: MarkRow }) {
  const said = [mark.reason, mark.words, mark.plate, mark.amount === undefined ? undefined : `¥${mark.amount / 100}`];
  return (
    <div>
      <p>
        <MarkBadge kind={mark.kind} /> {said.filter((each) => each !== undefined).join(' · ')}
      </p>
      <p class="hint">
        {mark.who} · {mark.from}
      </p>
    </div>
  );
}

function MarkForm({ row, onDone }: { readonly row: ReleaseDetail['row']; readonly onDone: () => void }) {
  const { values, field, set } = useFields({
    words: '',
    plate: row.plate ?? '',
    yuan: row.owed?.by === 'told' ? String(row.owed.amount / 100) : '',
  });
  const [lacksAmount, setLacksAmount] = useState(false);
  const action = useAction();
  const send = async (kind: MarkKind): Promise<void> => {
    const body = markBody(row.id, kind, values);
    setLacksAmount(body === undefined);
    if (body === undefined) return;
    const answer = await action.run(() => box.post('releases/mark', body));
    if (!answer.ok) return;
    set({ ...values, words: '' });
    onDone();
  };
  const button = (kind: MarkKind, name = MARK_NAME[kind]) => (
    <Button text={name} onClick={() => send(kind)} busy={action.busy} />
  );
  return (
    <>
      <div class="marking-fields">
        <InputField label={reviewText.words} maxLength={200} {...field('words')} />
        <InputField label={reviewText.plate} maxLength={20} {...field('plate')} />
        <InputField
          label={reviewText.amount}
          fault={lacksAmount ? reviewText.noAmount : undefined}
          number
          {...field('yuan')}
        />
      </div>
      <ProblemBox problem={action.problem} />
      <div class="row">
        {row.state !== 'review' && row.state !== 'kept' && button('owed', reviewText.owedSend)}
        {button('recovered')}
        {button('open', reviewText.reopen)}
        <Button onClick={() => send('answer')} busy={action.busy} disabled={values.words.trim() === ''}>
          {say(reviewText.answerSend)}
        </Button>
      </div>
    </>
  );
}

interface FrontProps {
  readonly detail: ReleaseDetail;
  readonly front: NonNullable<ReviewView['front']>;
}

/** Side by side: the one in front, where there is a picture of it, and the follower. */
function Front({ detail, front }: FrontProps) {
  const pictures = frontPictures(detail.row, front);
  return (
    <Card title={say(reviewText.front)} wide>
      <p>
        <span class="plate">{front.plate}</span> {say(reviewText.frontBefore(Math.round(front.beforeMs / 1000)))} ·{' '}
        {say(front.isPaid ? reviewText.frontPaid : reviewText.frontUnpaid)}{' '}
        {front.record !== undefined && <a href={place(`releases/${front.record}`)}>{front.record}</a>}
      </p>
      <div class="side-by-side">
        {pictures.front === undefined && <p class="hint">{say(reviewText.noFrontPicture)}</p>}
        {(['front', 'follower'] as const).map((which) => {
          const path = pictures[which];
          return (
            path !== undefined && (
              <figure key={which}>
                <img src={boxAddress(path)} alt={say(reviewText[which])} loading="lazy" />
                <figcaption>{say(reviewText[which])}</figcaption>
              </figure>
            )
          );
        })}
      </div>
    </Card>
  );
}

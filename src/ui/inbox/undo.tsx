/** Undoes the last verdict, on every page, for as long as nothing of it is sent. */
import type { ReleaseListRow } from '../../page/api/api.ts';
import { inboxText, MARK_NAME } from '../../text/page/ui-review.ts';
import { say } from '../language.ts';
import { Note, ProblemBox } from '../parts.tsx';
import { recordName } from '../review/mark.tsx';
import { go, parseRoute, place } from '../route.ts';
import { useNow } from '../time.tsx';
import { useKeys } from './keys.ts';
import { type HeldVerdict, undo, useVerdicts } from './verdicts.ts';

function takeBack(): void {
  const [first] = undo()?.rows ?? [];
  if (first !== undefined && parseRoute(location.hash).path[0] === 'inbox') go(place(`inbox/${first.id}`), true);
}

export function UndoBar() {
  const { last, notKept } = useVerdicts();
  useKeys((key) => {
    if (key === 'u') takeBack();
    return false;
  });
  if (last === undefined && notKept === undefined) return null;
  return (
    <div class="undo no-print">
      <ProblemBox problem={notKept?.problem}>
        <p>{say(inboxText.failed)}</p>
      </ProblemBox>
      {notKept && notKept.problem === undefined && (
        <Note level="warn">
          {notKept.isBack && <p>{say(inboxText.failed)}</p>}
          {notKept.gone.length > 0 && <p>{say(inboxText.gone(nameOf(notKept.gone)))}</p>}
        </Note>
      )}
      {last !== undefined && <Undo last={last} />}
    </div>
  );
}

function nameOf(rows: readonly ReleaseListRow[]): string {
  const [first] = rows;
  return rows.length === 1 && first ? recordName(first) : say(inboxText.several(rows.length));
}

function Undo({ last: { rows, verdict, untilMs } }: { readonly last: HeldVerdict }) {
  const leftMs = untilMs - useNow(500);
  return (
    <button type="button" class="button" onClick={takeBack}>
      <span>{say(inboxText.undo(`${say(MARK_NAME[verdict])} ${nameOf(rows)}`))}</span>
      <strong aria-hidden="true">{Math.max(1, Math.ceil(leftMs / 1000))}</strong>
    </button>
  );
}

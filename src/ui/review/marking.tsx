/** Marking records in the list: by keyboard (J K, then a letter), several at once, and with the thumb in the bar at the foot. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ReleaseListRow, UserRole } from '../../page/api/api.ts';
import type { MarkKind, ReviewView } from '../../page/api/api-duty.ts';
import { hasRight } from '../../page/api/rights.ts';
import { releasesText } from '../../text/page/ui-releases.ts';
import { MARK_NAME, reviewText } from '../../text/page/ui-review.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { Ask, InputField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, ProblemBox } from '../parts.tsx';
import { place as address, go } from '../route.ts';

const LETTERS: Readonly<Record<string, MarkKind>> = { c: 'checked', w: 'wrong', o: 'owed', r: 'recovered', u: 'open' };
const IN_BAR: readonly MarkKind[] = ['checked', 'wrong', 'owed', 'recovered'];

export interface Marking {
  readonly mayMark: boolean;
  readonly at: number | undefined;
  readonly picked: ReadonlySet<number>;
  toggle(id: number): void;
  /** Asks for the reason of a check: of which records. */
  readonly asking: boolean;
  readonly reasons: readonly string[];
  readonly problem: ReturnType<typeof useAction>['problem'];
  mark(kind: MarkKind, reason?: string): void;
  /** Whether all that are selected are for review: each can be said to be no release. */
  readonly mayDismiss: boolean;
  /** Selects all that are listed. */
  all(): void;
  clear(): void;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input:not([type=checkbox]), select, textarea, dialog') !== null;

/** Where the keyboard is. */
function usePlace(items: readonly ReleaseListRow[]) {
  const [place, setPlace] = useState<{ readonly id: number; readonly index: number } | undefined>();
  // The list changes underneath: the place is a record, and where that is gone, what came into its place.
  const found = items.findIndex(({ id }) => id === place?.id);
  const at = place === undefined ? undefined : found >= 0 ? found : Math.min(place.index, items.length - 1);
  const current = at === undefined ? undefined : items[at];
  const goTo = (index: number): void => {
    const row = items[index];
    if (row !== undefined) setPlace({ id: row.id, index });
  };
  return { at, current, goTo };
}

export function useMarking(items: readonly ReleaseListRow[], role: UserRole, onDone: () => void): Marking {
  const mayMark = hasRight(role, 'operator');
  const { at, current, goTo } = usePlace(items);
  /** Where a reload shows what these marks did, the keyboard must not do them again. */
  const sent = useRef(new Set<string>());
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [asking, setAsking] = useState(false);
  const action = useAction();
  const reasons = useLoad<Pick<ReviewView, 'reasons'>>(mayMark ? 'review/reasons' : undefined).value?.reasons ?? [];
  const chosen = picked.size > 0 ? [...picked] : current === undefined ? [] : [current.id];
  const send = async (kind: MarkKind, reason?: string): Promise<void> => {
    setAsking(false);
    if (chosen.length === 0) return;
    const given = reason === undefined ? {} : { reason };
    // The next one is at hand while this one is on its way.
    const key = `${chosen.join()} ${kind}`;
    if (sent.current.has(key)) return;
    sent.current.add(key);
    if (picked.size === 0 && at !== undefined) goTo(Math.min(at + 1, items.length - 1));
    setPicked(new Set());
    const answer = await action.run(() => box.post('releases/mark', { ids: chosen, kind, ...given }));
    sent.current.delete(key);
    if (answer.ok) onDone();
  };
  const toggle = (id: number): void => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  const move = (by: number): void => {
    const next = Math.max(0, Math.min((at ?? (by > 0 ? -1 : items.length)) + by, items.length - 1));
    goTo(next);
    document.querySelectorAll('.release')[next]?.scrollIntoView({ block: 'nearest' });
  };
  // Before the next key: an effect that waits for the screen would still have the answer of before, and lose the key.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toLowerCase();
      if (asking) {
        if (key === 'escape') setAsking(false);
        else if (key === 'enter') void send('checked');
        else if (/^[1-9]$/.test(key) && reasons[Number(key) - 1] !== undefined)
          void send('checked', reasons[Number(key) - 1]);
        else return;
      } else if (key === 'j') move(1);
      else if (key === 'k') move(-1);
      else if (key === 'enter' && current !== undefined && event.target === document.body)
        go(address(`releases/${current.id}`));
      else if (!mayMark) return;
      else if (key === 'x' && current !== undefined) toggle(current.id);
      else if (key === 'c' && chosen.length > 0) setAsking(true);
      else if (LETTERS[key] !== undefined) void send(LETTERS[key]);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
  return {
    ...{ mayMark, at, picked, toggle, asking, reasons, problem: action.problem },
    mark: (kind, reason) => {
      if (kind === 'checked' && reason === undefined && !asking) setAsking(true);
      else void send(kind, reason);
    },
    mayDismiss:
      picked.size > 0 && items.every(({ id, state }) => !picked.has(id) || state === 'review' || state === 'kept'),
    all: () => setPicked(new Set(items.map(({ id }) => id))),
    clear: () => {
      setPicked(new Set());
      setAsking(false);
    },
  };
}

interface BarProps {
  readonly marking: Marking;
  readonly onDone: () => void;
}

/** At the foot of the list: within reach of a thumb. */
export function MarkBar({ marking, onDone }: BarProps) {
  const { picked, asking, reasons } = marking;
  if (!marking.mayMark) return null;
  const isOpen = picked.size > 0 || asking;
  return (
    <>
      <p class="hint marking-keys">{say(reviewText.keys)}</p>
      <ProblemBox problem={marking.problem} />
      {isOpen && (
        <section class="marking-bar" aria-label={say(reviewText.title)}>
          <div class="row">
            <strong aria-live="polite">{say(asking ? reviewText.whichReason : reviewText.picked(picked.size))}</strong>
            {!asking && (
              <Button look="link" onClick={marking.all}>
                {say(reviewText.all)}
              </Button>
            )}
            <Button look="link" onClick={marking.clear}>
              {say(reviewText.clear)}
            </Button>
          </div>
          <div class="row">
            {asking
              ? reasons.map((reason, index) => (
                  <Button key={reason} onClick={() => marking.mark('checked', reason)}>
                    {index < 9 ? `${index + 1} ${reason}` : reason}
                  </Button>
                ))
              : IN_BAR.map((kind) => (
                  <Button key={kind} onClick={() => marking.mark(kind)}>
                    {say(MARK_NAME[kind])}
                  </Button>
                ))}
            {!asking && marking.mayDismiss && <Dismiss marking={marking} onDone={onDone} />}
          </div>
        </section>
      )}
    </>
  );
}

/** Records for review that are none, such as those of the wiring lesson, all at once with one reason. */
function Dismiss({ marking, onDone }: BarProps) {
  const [why, setWhy] = useState<string | undefined>();
  const action = useAction();
  const { picked } = marking;
  /** One after the other: each is an entry of its own in the audit log. */
  const dismiss = async (reason: string): Promise<void> => {
    for (const id of picked) {
      const answer = await action.run(() => box.post(`releases/${id}/dismiss`, { why: reason }));
      if (!answer.ok) return onDone();
    }
    marking.clear();
    onDone();
  };
  return (
    <>
      <Button look="danger" onClick={() => setWhy('')}>
        {say(releasesText.dismiss)}
      </Button>
      {why !== undefined && (
        <Ask
          title={say(releasesText.dismissAsk)}
          yes={releasesText.dismiss}
          danger
          action={action}
          off={why.trim() === ''}
          onYes={() => dismiss(why.trim())}
          onClose={() => setWhy(undefined)}
        >
          <p>{say(reviewText.picked(picked.size))}</p>
          <p>{say(releasesText.dismissHint)}</p>
          <InputField
            label={releasesText.why}
            hint={releasesText.whyHint}
            maxLength={200}
            value={why}
            onValue={setWhy}
          />
        </Ask>
      )}
    </>
  );
}

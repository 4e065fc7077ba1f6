/** The three verbs on one record or several alike: what follows for the platform follows by itself. */
import { useEffect, useState } from 'preact/hooks';
import type { ReleaseListRow, UserRole } from '../../page/api/api.ts';
import type { ReviewVerdict, ReviewView } from '../../page/api/api-duty.ts';
import { hasRight } from '../../page/api/rights.ts';
import { followsText, inboxText, VERB_NAME, VERB_WHY, WRONG_REASONS } from '../../text/page/ui-review.ts';
import type { Text } from '../../text/text.ts';
import { useLoad } from '../fetch.ts';
import { Form, InputField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button } from '../parts.tsx';
import { useKeys } from './keys.ts';
import { giveVerdict, isOwn, useVerdicts } from './verdicts.ts';

const VERBS = { checked: 'c', owed: 'o', wrong: 'w' } as const;
export type Asking = Exclude<ReviewVerdict, 'owed'>;
/** A second tap, or key, meant for the record before does not meet this one. */
const ARMED_MS = 200;

interface VerbsProps {
  /** At least one. */
  readonly rows: readonly ReleaseListRow[];
  readonly role: UserRole;
  readonly asking: Asking | undefined;
  readonly onAsk: (asking: Asking | undefined) => void;
  readonly onDecided?: () => void;
}

export function Verbs({ rows, role, asking, onAsk, onDecided }: VerbsProps) {
  const mayDecide = hasRight(role, 'operator');
  const mayAgree =
    hasRight(role, 'auditor') && rows.every(({ wishedAway }) => wishedAway !== undefined && !isOwn(wishedAway.who));
  const own = useLoad<Pick<ReviewView, 'reasons'>>(mayDecide ? 'review/reasons' : undefined).value?.reasons ?? [];
  const reasons = asking === 'wrong' ? WRONG_REASONS.map(say) : own;
  const isArmed = useArmed(rows.map(({ id }) => id).join());
  const give = (verdict: ReviewVerdict, reason?: string): void => {
    onAsk(undefined);
    giveVerdict(rows, verdict, reason);
    onDecided?.();
  };
  const choose = (verdict: ReviewVerdict): void => (verdict === 'owed' ? give(verdict) : onAsk(verdict));
  const isOver = rows.every(isPutAside);
  const offered = (Object.keys(VERBS) as ReviewVerdict[]).filter((verb) =>
    mayDecide ? verb !== 'owed' || !isOver : mayAgree && verb === 'wrong',
  );
  useKeys((key) => {
    const reason = reasons[Number(key) - 1];
    const verb = offered.find((each) => VERBS[each] === key);
    if (asking !== undefined && key === 'escape') onAsk(undefined);
    else if (asking !== undefined && reason !== undefined) give(asking, reason);
    else if (asking === undefined && verb !== undefined && isArmed) choose(verb);
    else return false;
    return true;
  });
  if (offered.length === 0) return null;
  return (
    <div class="verbs no-print">
      {asking === undefined ? (
        <>
          {!mayAgree && <p class="hint">{[...new Set(rows.map(followsOf))].map(say).join(' ')}</p>}
          <div class="verb-row">
            {offered.map((verb) => (
              <Button
                key={verb}
                {...(verb === 'owed' && { look: 'main' })}
                disabled={!isArmed}
                onClick={() => choose(verb)}
              >
                {say(verb === 'wrong' && mayAgree ? inboxText.agree : VERB_NAME[verb])}
              </Button>
            ))}
          </div>
        </>
      ) : (
        <Reasons
          asking={asking}
          reasons={reasons}
          onReason={(reason) => give(asking, reason)}
          onBack={() => onAsk(undefined)}
        />
      )}
    </div>
  );
}

function useArmed(of: string): boolean {
  const [armed, setArmed] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setArmed(of), ARMED_MS);
    return () => clearTimeout(timer);
  }, [of]);
  return armed === of;
}

const isPutAside = ({ state }: ReleaseListRow): boolean => state === 'dropped' || state === 'withdrawn';

function followsOf(row: ReleaseListRow): Text {
  const { state } = row;
  if (isPutAside(row)) return followsText.putAside;
  if (state === 'review' || state === 'kept') return followsText.forPerson;
  return state === 'waiting' || state === 'held' || state === 'parked' ? followsText.toGo : followsText.gone;
}

interface ReasonsProps {
  readonly asking: Asking;
  readonly reasons: readonly string[];
  readonly onReason: (reason: string) => void;
  readonly onBack: () => void;
}

function Reasons({ asking, reasons, onReason, onBack }: ReasonsProps) {
  const [words, setWords] = useState('');
  const [typing, setTyping] = useState(false);
  return (
    <>
      <div class="row">
        <strong>{say(VERB_WHY[asking])}</strong>
        <Button text={inboxText.back} look="link" onClick={onBack} />
      </div>
      <div class="row">
        {reasons.map((reason) => (
          <Button key={reason} onClick={() => onReason(reason)}>
            {reason}
          </Button>
        ))}
        {!typing && <Button text={inboxText.ownWords} look="link" onClick={() => setTyping(true)} />}
      </div>
      {typing && (
        <Form send={VERB_NAME[asking]} off={words.trim() === ''} onSend={() => onReason(words.trim())}>
          <InputField label={inboxText.ownWords} maxLength={40} value={words} onValue={setWords} />
        </Form>
      )}
    </>
  );
}

/** For one record, or what was said of it just now and can be undone. */
export function OwnVerbs({ row, role }: { readonly row: ReleaseListRow; readonly role: UserRole }) {
  const [asking, setAsking] = useState<Asking | undefined>();
  useVerdicts();
  return <Verbs rows={[row]} role={role} asking={asking} onAsk={setAsking} />;
}

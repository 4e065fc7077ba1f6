/** The live log, with freeze and older lines. */
import { useEffect, useState } from 'preact/hooks';
import type { LogRow } from '../../page/api/api-setup.ts';
import { logLevel, logPageText } from '../../text/page/ui-more.made.ts';
import { signalsText } from '../../text/page/ui-signals.made.ts';
import { box, useAction } from '../fetch.ts';
import { SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Badge, Button, Empty, LoadState, type Tone } from '../parts.tsx';
import { go, place, search } from '../route.ts';
import { Time } from '../time.tsx';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const TONE: Readonly<Record<LogRow['level'], Tone>> = { debug: 'idle', info: 'ok', warn: 'warn', error: 'error' };
const ON_A_PAGE = 200;
/** Lines drawn; the oldest go first. */
const MOST = 1000;

export function Logs({ route }: PageProps) {
  const level = LEVELS.find((each) => each === route.query.level) ?? 'info';
  const [rows, setRows] = useState<readonly LogRow[] | undefined>();
  const [held, setHeld] = useState(false);
  const [end, setEnd] = useState(false);
  const action = useAction();
  const load = async (before?: number): Promise<void> => {
    const answer = await action.run(() =>
      box.get<readonly LogRow[]>(`log${search({ level, before, limit: ON_A_PAGE })}`),
    );
    if (!answer.ok) return;
    setEnd(answer.value.length < ON_A_PAGE);
    setRows((now) => (before === undefined ? answer.value : [...(now ?? []), ...answer.value]));
  };
  useEffect(() => {
    if (!held) load();
  }, [level, held]);
  useLive((event) => {
    if (event.event !== 'log' || held || LEVELS.indexOf(event.data.level) < LEVELS.indexOf(level)) return;
    const { data } = event;
    setRows((now = []) => (now.some(({ n }) => n === data.n) ? now : [data, ...now].slice(0, MOST)));
  });
  const last = rows?.[rows.length - 1];
  return (
    <>
      <div class="row log-tools">
        <SelectField
          label={logPageText.from}
          value={level}
          all={LEVELS}
          onValue={(value) => go(place('logs', { level: value }), true)}
          name={(each) => say(logLevel[each as LogRow['level']])}
        />
        <Button text={held ? logPageText.goOn : signalsText.freeze} onClick={() => setHeld(!held)} />
      </div>
      <LoadState of={{ value: rows, problem: action.problem }} />
      {rows?.length === 0 && <Empty>{say(logPageText.none)}</Empty>}
      {rows !== undefined && rows.length > 0 && (
        <ol class="lined log">
          {rows.map((row) => (
            <li key={row.n}>
              <Time wallMs={row.atWallMs} milliseconds />
              <Badge tone={TONE[row.level]}>{say(logLevel[row.level])}</Badge>
              <span class="log-text">
                {say(row.text)}{' '}
                <span class="quiet mono">
                  {Object.entries(row.ids)
                    .map(([name, id]) => `${name}=${id}`)
                    .join(' ')}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
      <p class="hint">{say(logPageText.hint)}</p>
      {last !== undefined && !end && (
        <Button text={logPageText.older} onClick={() => load(last.n)} busy={action.busy} />
      )}
    </>
  );
}

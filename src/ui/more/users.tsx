/** Users with their roles, the audit log, and the own password. */
import { useState } from 'preact/hooks';
import type { SessionInfo, UserRole, UserRow } from '../../page/api/api.ts';
import type { AuditRow } from '../../page/api/api-setup.ts';
import { hasRight } from '../../page/api/rights.ts';
import { usersText } from '../../text/page/ui-more.made.ts';
import { roleName, shellText } from '../../text/page/ui-shell.ts';
import { box, useAction, useEvery, useLoad } from '../fetch.ts';
import { Ask, AskRemove, Form, InputField, SelectField, Tick } from '../inputs.tsx';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, Empty, LoadState, Note, ProblemBox } from '../parts.tsx';
import { Time } from '../time.tsx';

export function Users({ role }: PageProps) {
  return (
    <div class="grid two">
      {hasRight(role, 'auditor') && <All mayChange={hasRight(role, 'installer')} />}
      <Own />
      {hasRight(role, 'auditor') && <Audit />}
    </div>
  );
}

const ROLES: readonly UserRole[] = ['booth', 'viewer', 'operator', 'auditor', 'installer'];

function All({ mayChange }: { readonly mayChange: boolean }) {
  const users = useLoad<readonly UserRow[]>('users');
  const [adding, setAdding] = useState(false);
  const [going, setGoing] = useState<string | undefined>();
  const [binding, setBinding] = useState<UserRow | undefined>();
  const names = useLaneNames();
  const close = (): void => {
    setAdding(false);
    setBinding(undefined);
    users.reload();
  };
  return (
    <Card
      title={say(usersText.users)}
      tools={mayChange && <Button onClick={() => setAdding(true)}>{say(usersText.add)}</Button>}
    >
      <LoadState of={users} />
      <ul class="lined history">
        {users.value?.map(({ user, role, lanes, lastLoginWallMs }) => (
          <li key={user} class="row">
            <span class="grow">
              <strong>{user}</strong> {say(roleName[role])}{' '}
              {role === 'booth' && `· ${lanes?.map(names).join('、') ?? say(usersText.allLanes)} `}
              <span class="quiet">
                {say(usersText.lastLogin)}{' '}
                {lastLoginWallMs === undefined ? say(usersText.never) : <Time wallMs={lastLoginWallMs} />}
              </span>
            </span>
            {mayChange && role === 'booth' && (
              <Button
                onClick={() => setBinding({ user, role, ...(lanes && { lanes }) })}
                label={`${say(usersText.lanes)} ${user}`}
              >
                {say(usersText.lanes)}
              </Button>
            )}
            {mayChange && (
              <Button onClick={() => setGoing(user)} label={`${say(usersText.remove)} ${user}`}>
                {say(usersText.remove)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {adding && <Add onClose={close} />}
      {binding !== undefined && <Bind row={binding} onClose={close} />}
      {going !== undefined && (
        <AskRemove
          title={say(usersText.removeAsk(going))}
          yes={usersText.remove}
          hint={usersText.removeHint}
          path={`users/${encodeURIComponent(going)}`}
          onGone={users.reload}
          onClose={() => setGoing(undefined)}
        />
      )}
    </Card>
  );
}

/** By their id; one that is gone keeps it. */
function useLaneNames(): (id: string) => string {
  const lanes = useOverview()?.lanes ?? [];
  return (id) => lanes.find((lane) => lane.id === id)?.name ?? id;
}

/** None ticked: all of them. */
function LaneTicks({
  picked,
  onPick,
}: {
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
}) {
  const lanes = useOverview()?.lanes ?? [];
  return (
    <fieldset>
      <legend>{say(usersText.lanes)}</legend>
      {lanes.map(({ id, name }) => (
        <Tick
          key={id}
          text={{ zh: `${name} ${id}`, en: `${name} ${id}` }}
          on={picked.includes(id)}
          onValue={(on) => onPick(on ? [...picked, id] : picked.filter((each) => each !== id))}
        />
      ))}
      <p class="hint">{say(usersText.lanesHint)}</p>
    </fieldset>
  );
}

function Bind({ row, onClose }: { readonly row: UserRow; readonly onClose: () => void }) {
  const [lanes, setLanes] = useState<readonly string[]>(row.lanes ?? []);
  const action = useAction();
  const path = `users/${encodeURIComponent(row.user)}/lanes`;
  const bind = () => action.run(() => box.put(path, lanes.length > 0 ? { lanes } : {}), onClose);
  return (
    <Ask title={say(usersText.lanesOf(row.user))} yes={usersText.save} action={action} onYes={bind} onClose={onClose}>
      <LaneTicks picked={lanes} onPick={setLanes} />
    </Ask>
  );
}

function Add({ onClose }: { readonly onClose: () => void }) {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<UserRole>('viewer');
  const [lanes, setLanes] = useState<readonly string[]>([]);
  const action = useAction();
  const bound = role === 'booth' && lanes.length > 0 && { lanes };
  const add = () => action.run(() => box.post('users', { user, password, role, ...bound }), onClose);
  return (
    <Ask title={say(usersText.add)} yes={usersText.add} action={action} onYes={add} onClose={onClose}>
      <InputField label={usersText.user} required maxLength={64} value={user} onValue={setUser} />
      <InputField
        label={shellText.password}
        hint={shellText.passwordHint}
        secret
        required
        value={password}
        onValue={setPassword}
      />
      <SelectField
        label={usersText.role}
        hint={usersText.roleHint}
        value={role}
        all={ROLES}
        onValue={(value) => setRole(value as UserRole)}
        name={(each) => say(roleName[each as UserRole])}
      />
      {role === 'booth' && <LaneTicks picked={lanes} onPick={setLanes} />}
    </Ask>
  );
}

function Own() {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [done, setDone] = useState(false);
  const action = useAction();
  const change = async (): Promise<void> => {
    const answer = await action.run(() => box.post<SessionInfo>('password', { old, password: fresh }));
    setDone(answer.ok);
    if (!answer.ok) return;
    setOld('');
    setFresh('');
  };
  return (
    <Card title={say(usersText.own)}>
      <Form send={usersText.change} busy={action.busy} onSend={change}>
        <InputField
          label={usersText.old}
          secret
          autocomplete="current-password"
          required
          value={old}
          onValue={setOld}
        />
        <InputField
          label={usersText.fresh}
          hint={shellText.passwordHint}
          secret
          required
          value={fresh}
          onValue={setFresh}
        />
        <ProblemBox problem={action.problem} />
        {done && <Note level="ok">{say(usersText.changed)}</Note>}
      </Form>
    </Card>
  );
}

/** What was just done on this page stands in it soon. */
const AUDIT_EVERY_MS = 3_000;

function Audit() {
  const audit = useLoad<readonly AuditRow[]>('audit');
  const { reload } = audit;
  useEvery(AUDIT_EVERY_MS, reload);
  return (
    <Card title={say(usersText.audit)} wide>
      <ProblemBox problem={audit.problem} />
      {audit.value?.length === 0 && <Empty>{say(usersText.noAudit)}</Empty>}
      <ol class="lined reasons scroll">
        {audit.value?.map(({ atWallMs, user, what }, at) => (
          <li key={`${atWallMs} ${at + 1}`}>
            <Time wallMs={atWallMs} />
            <span>
              <strong>{user}</strong> {say(what)}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

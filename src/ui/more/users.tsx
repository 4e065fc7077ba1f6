/** Who may do what on this box, and one's own password. */
import { useState } from 'preact/hooks';
import type { SessionInfo, UserRole, UserRow } from '../../page/api.ts';
import type { AuditRow } from '../../page/api-setup.ts';
import { usersText } from '../../text/page/ui-more.ts';
import { partText } from '../../text/page/ui-parts.ts';
import { roleName, shellText } from '../../text/page/ui-shell.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { PasswordField } from '../login.tsx';
import { may, type PageProps } from '../pages.ts';
import { Button, Card, Dialog, Empty, Field, Loading, Note, ProblemBox } from '../parts.tsx';
import { Time } from '../time.tsx';

export function Users({ role }: PageProps) {
  return (
    <div class="grid two">
      {may(role, 'installer') && <All />}
      <Own />
      {may(role, 'installer') && <Audit />}
    </div>
  );
}

const ROLES: readonly UserRole[] = ['viewer', 'operator', 'installer'];

function All() {
  const users = useLoad<readonly UserRow[]>('users');
  const [adding, setAdding] = useState(false);
  const [going, setGoing] = useState<string | undefined>();
  const action = useAction();
  const remove = async (user: string): Promise<void> => {
    const answer = await action.run(() => box.remove(`users/${encodeURIComponent(user)}`));
    if (!answer.ok) return;
    setGoing(undefined);
    users.reload();
  };
  return (
    <Card title={say(usersText.users)} tools={<Button onClick={() => setAdding(true)}>{say(usersText.add)}</Button>}>
      <ProblemBox problem={users.problem} />
      {users.value === undefined && users.problem === undefined && <Loading text={shellText.loading} />}
      <ul class="history">
        {users.value?.map(({ user, role, lastLoginWallMs }) => (
          <li key={user} class="row">
            <span class="grow">
              <strong>{user}</strong> {say(roleName[role])}{' '}
              <span class="quiet">
                {say(usersText.lastLogin)}{' '}
                {lastLoginWallMs === undefined ? say(usersText.never) : <Time wallMs={lastLoginWallMs} />}
              </span>
            </span>
            <Button onClick={() => setGoing(user)} label={`${say(usersText.remove)} ${user}`}>
              {say(usersText.remove)}
            </Button>
          </li>
        ))}
      </ul>
      {adding && (
        <Add
          onClose={() => {
            setAdding(false);
            users.reload();
          }}
        />
      )}
      {going !== undefined && (
        <Dialog title={say(usersText.removeAsk(going))} onClose={() => setGoing(undefined)}>
          <p>{say(usersText.removeHint)}</p>
          <ProblemBox problem={action.problem} />
          <div class="foot">
            <Button onClick={() => setGoing(undefined)}>{say(partText.cancel)}</Button>
            <Button look="danger" onClick={() => remove(going)} busy={action.busy}>
              {say(usersText.remove)}
            </Button>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

function Add({ onClose }: { readonly onClose: () => void }) {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<UserRole>('viewer');
  const action = useAction();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await action.run(() => box.post('users', { user, password, role }));
    if (answer.ok) onClose();
  };
  return (
    <Dialog title={say(usersText.add)} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={say(usersText.user)}>
          {(bound) => (
            <input
              {...bound}
              required
              maxLength={64}
              autocapitalize="none"
              autocomplete="off"
              value={user}
              onInput={(event) => setUser(event.currentTarget.value)}
            />
          )}
        </Field>
        <PasswordField
          label={say(shellText.password)}
          hint={say(shellText.passwordHint)}
          value={password}
          onValue={setPassword}
          autocomplete="new-password"
        />
        <Field label={say(usersText.role)} hint={say(usersText.roleHint)}>
          {(bound) => (
            <select {...bound} value={role} onChange={(event) => setRole(event.currentTarget.value as UserRole)}>
              {ROLES.map((each) => (
                <option key={each} value={each}>
                  {say(roleName[each])}
                </option>
              ))}
            </select>
          )}
        </Field>
        <ProblemBox problem={action.problem} />
        <div class="foot">
          <Button onClick={onClose}>{say(partText.cancel)}</Button>
          <Button submit look="main" busy={action.busy}>
            {say(usersText.add)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Own() {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [done, setDone] = useState(false);
  const action = useAction();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await action.run(() => box.post<SessionInfo>('password', { old, password: fresh }));
    setDone(answer.ok);
    if (!answer.ok) return;
    setOld('');
    setFresh('');
  };
  return (
    <Card title={say(usersText.own)}>
      <form onSubmit={submit}>
        <PasswordField label={say(usersText.old)} value={old} onValue={setOld} autocomplete="current-password" />
        <PasswordField
          label={say(usersText.fresh)}
          hint={say(shellText.passwordHint)}
          value={fresh}
          onValue={setFresh}
          autocomplete="new-password"
        />
        <ProblemBox problem={action.problem} />
        {done && <Note level="ok">{say(usersText.changed)}</Note>}
        <Button submit look="main" busy={action.busy}>
          {say(usersText.change)}
        </Button>
      </form>
    </Card>
  );
}

function Audit() {
  const audit = useLoad<readonly AuditRow[]>('audit');
  return (
    <Card title={say(usersText.audit)} wide>
      <ProblemBox problem={audit.problem} />
      {audit.value?.length === 0 && <Empty>{say(usersText.noAudit)}</Empty>}
      <ol class="reasons scroll">
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

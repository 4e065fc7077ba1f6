/** Users with their roles, the audit log, and the own password. */
import { useState } from 'preact/hooks';
import type { SessionInfo, UserRole, UserRow } from '../../page/api/api.ts';
import type { AuditRow } from '../../page/api/api-setup.ts';
import { hasRight, USER_ROLES } from '../../page/api/rights.ts';
import { usersText } from '../../text/page/ui-more.made.ts';
import { roleName, shellText } from '../../text/page/ui-shell.ts';
import { plain } from '../../text/text.ts';
import { box, useAction, useEvery, useLoad } from '../fetch.ts';
import { Ask, Form, InputField, Opens, Remover, SelectField, Ticks, useFields } from '../inputs.tsx';
import { say } from '../language.ts';
import { ListCard } from '../list-card.tsx';
import { useOverview } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Card, Empty, Note, ProblemBox } from '../parts.tsx';
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

function All({ mayChange }: { readonly mayChange: boolean }) {
  const users = useLoad<readonly UserRow[]>('users');
  const { reload } = users;
  const names = useLaneNames();
  const add = <Opens text={usersText.add} onClosed={reload} dialog={(close) => <Add onClose={close} />} />;
  return (
    <ListCard
      title={usersText.users}
      of={users}
      tools={mayChange && add}
      id={({ user }) => user}
      row={({ user, role, lanes, lastLoginWallMs }) => (
        <>
          <strong>{user}</strong> {say(roleName[role])}{' '}
          {role === 'booth' && `· ${lanes?.map(names).join('、') ?? say(usersText.allLanes)} `}
          <span class="quiet">
            {say(usersText.lastLogin)}{' '}
            {lastLoginWallMs === undefined ? say(usersText.never) : <Time wallMs={lastLoginWallMs} />}
          </span>
        </>
      )}
      buttons={({ user, role, lanes }) =>
        mayChange && (
          <>
            {role === 'booth' && (
              <Opens
                text={usersText.lanes}
                label={`${say(usersText.lanes)} ${user}`}
                onClosed={reload}
                dialog={(close) => <Bind user={user} bound={lanes} onClose={close} />}
              />
            )}
            <Remover
              yes={usersText.remove}
              name={user}
              title={usersText.removeAsk(user)}
              hint={usersText.removeHint}
              path={`users/${encodeURIComponent(user)}`}
              onGone={reload}
            />
          </>
        )
      }
    />
  );
}

/** By their id; one that is gone keeps it. */
function useLaneNames(): (id: string) => string {
  const lanes = useOverview()?.lanes ?? [];
  return (id) => lanes.find((lane) => lane.id === id)?.name ?? id;
}

/** None ticked: all of them. */
function LaneTicks({ on, onPick }: Pick<Parameters<typeof Ticks<string>>[0], 'on' | 'onPick'>) {
  const lanes = useOverview()?.lanes ?? [];
  return (
    <Ticks {...{ legend: usersText.lanes, on, onPick }} all={lanes.map(({ id, name }) => [id, plain(`${name} ${id}`)])}>
      <p class="hint">{say(usersText.lanesHint)}</p>
    </Ticks>
  );
}

interface BindProps {
  readonly user: string;
  readonly bound: UserRow['lanes'];
  readonly onClose: () => void;
}

function Bind({ user, bound = [], onClose }: BindProps) {
  const [lanes, setLanes] = useState(bound);
  const path = `users/${encodeURIComponent(user)}/lanes`;
  const bind = () => box.put(path, lanes.length > 0 ? { lanes } : {});
  return (
    <Ask title={usersText.lanesOf(user)} yes={usersText.save} ask={bind} onClose={onClose}>
      <LaneTicks on={lanes} onPick={setLanes} />
    </Ask>
  );
}

function Add({ onClose }: Pick<BindProps, 'onClose'>) {
  const { values, field } = useFields({ user: '', password: '', role: 'viewer' });
  const [lanes, setLanes] = useState<readonly string[]>([]);
  const isBooth = values.role === 'booth';
  const add = () => box.post('users', { ...values, ...(isBooth && lanes.length > 0 && { lanes }) });
  return (
    <Ask title={usersText.add} yes={usersText.add} ask={add} onClose={onClose}>
      <InputField label={usersText.user} required maxLength={64} {...field('user')} />
      <InputField label={shellText.password} hint={shellText.passwordHint} secret required {...field('password')} />
      <SelectField
        label={usersText.role}
        hint={usersText.roleHint}
        all={USER_ROLES}
        name={(each) => say(roleName[each as UserRole])}
        {...field('role')}
      />
      {isBooth && <LaneTicks on={lanes} onPick={setLanes} />}
    </Ask>
  );
}

function Own() {
  const { values, field, clear } = useFields({ old: '', password: '' });
  const [done, setDone] = useState(false);
  const action = useAction();
  const change = async (): Promise<void> => {
    const answer = await action.run(() => box.post<SessionInfo>('password', values), clear);
    setDone(answer.ok);
  };
  return (
    <Card title={say(usersText.own)}>
      <Form send={usersText.change} action={action} onSend={change}>
        <InputField label={usersText.old} secret autocomplete="current-password" required {...field('old')} />
        <InputField label={usersText.fresh} hint={shellText.passwordHint} secret required {...field('password')} />
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
      <ol class="lined columns reasons scroll">
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

/** Before anybody is in: the first account of a new box, and the login. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { SessionInfo } from '../page/api.ts';
import { shellText } from '../text/page/ui-shell.ts';
import { box, useAction } from './fetch.ts';
import { language, say, setLanguage } from './language.ts';
import { Button, Field, ProblemBox } from './parts.tsx';

interface GateProps {
  readonly session: SessionInfo;
  readonly onSession: (session: SessionInfo) => void;
}

/** The mark of the product: a barrier over a lane. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" class="mark-ground" />
    <path d="M8 25V13M5.500 25h21" class="mark-post" />
    <path d="M8 14L26 7" class="mark-arm" />
  </svg>
);

export function Login({ session, onSession }: GateProps) {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const action = useAction();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await action.run(() => box.post<SessionInfo>('login', { user, password }));
    if (answer.ok) onSession(answer.value);
  };
  return (
    <Gate session={session} title={say(shellText.login)} hint={say(shellText.loginHint)}>
      <form onSubmit={submit}>
        <Field label={say(shellText.user)}>
          {(bound) => (
            <input
              {...bound}
              name="username"
              autocomplete="username"
              autocapitalize="none"
              required
              value={user}
              onInput={(event) => setUser(event.currentTarget.value)}
            />
          )}
        </Field>
        <PasswordField
          label={say(shellText.password)}
          value={password}
          onValue={setPassword}
          autocomplete="current-password"
        />
        <ProblemBox problem={action.problem} />
        <Button submit look="main" busy={action.busy}>
          {say(shellText.login)}
        </Button>
        <p class="hint">{say(shellText.forgotten)}</p>
      </form>
    </Gate>
  );
}

export function Setup({ session, onSession }: GateProps) {
  const [code, setCode] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [differ, setDiffer] = useState(false);
  const action = useAction();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setDiffer(password !== again);
    if (password !== again) return;
    const answer = await action.run(() => box.post<SessionInfo>('setup', { code: code.trim(), user, password }));
    if (answer.ok) onSession(answer.value);
  };
  return (
    <Gate session={session} title={say(shellText.setup)} hint={say(shellText.setupHint)}>
      <form onSubmit={submit}>
        <Field label={say(shellText.setupCode)} hint={say(shellText.setupCodeHint)}>
          {(bound) => (
            <input
              {...bound}
              class="code"
              name="code"
              autocomplete="one-time-code"
              autocapitalize="characters"
              spellcheck={false}
              required
              value={code}
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={say(shellText.user)}>
          {(bound) => (
            <input
              {...bound}
              name="username"
              autocomplete="username"
              autocapitalize="none"
              required
              value={user}
              onInput={(event) => setUser(event.currentTarget.value)}
            />
          )}
        </Field>
        <PasswordField
          label={say(shellText.newPassword)}
          hint={say(shellText.passwordHint)}
          value={password}
          onValue={setPassword}
          autocomplete="new-password"
        />
        <PasswordField
          label={say(shellText.passwordAgain)}
          fault={differ ? say(shellText.passwordsDiffer) : undefined}
          value={again}
          onValue={setAgain}
          autocomplete="new-password"
        />
        <ProblemBox problem={action.problem} />
        <Button submit look="main" busy={action.busy}>
          {say(shellText.create)}
        </Button>
      </form>
    </Gate>
  );
}

interface PasswordFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autocomplete: 'current-password' | 'new-password';
}

export function PasswordField({ label, hint, fault, value, onValue, autocomplete }: PasswordFieldProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(bound) => (
        <input
          {...bound}
          type="password"
          name={autocomplete}
          autocomplete={autocomplete}
          required
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Gate({
  session,
  title,
  hint,
  children,
}: {
  readonly session: SessionInfo;
  readonly title: string;
  readonly hint: string;
  readonly children: ComponentChildren;
}) {
  return (
    <main class="gate">
      <div class="gate-head">
        <Mark />
        <span class="product">{say(shellText.product)}</span>
        <LanguageButton />
      </div>
      <div class="card">
        <h1>{title}</h1>
        <p class="quiet">{hint}</p>
        {children}
      </div>
      <p class="hint foot">
        lanewarden {session.version}
        {session.fingerprint !== undefined && (
          <>
            <br />
            {say(shellText.fingerprint)}
            <br />
            <code class="break">{session.fingerprint}</code>
          </>
        )}
      </p>
    </main>
  );
}

export function LanguageButton() {
  const other = language() === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" class="button link" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => setLanguage(other)}>
      {say(shellText.otherLanguage)}
    </button>
  );
}

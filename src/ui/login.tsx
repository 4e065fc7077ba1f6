/** Before login: the first account of a new box, and the login. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { PageName, SessionInfo } from '../page/api/api.ts';
import type { HelpName } from '../text/page/help.ts';
import { shellText } from '../text/page/ui-shell.ts';
import { box, useAction } from './fetch.ts';
import { HelpLink } from './help.tsx';
import { FileField, Form, InputField, useFields } from './inputs.tsx';
import { language, say, setLanguage } from './language.ts';
import { mayOpen, PAGE_RIGHT } from './page-contract.ts';
import { Button } from './parts.tsx';
import { go, parseRoute, place } from './route.ts';

interface GateProps {
  readonly session: SessionInfo;
  readonly onSession: (session: SessionInfo) => void;
}

/** The mark of the product: a barrier over a lane. */
export const ProductMark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" class="mark-ground" />
    <path d="M8 25V13M5.500 25h21" class="mark-post" />
    <path d="M8 14L26 7" class="mark-arm" />
  </svg>
);

export function LoginForm({ session, onSession }: GateProps) {
  const { values, field } = useFields({ user: '', password: '' });
  const action = useAction();
  const enter = (entered: SessionInfo): void => {
    // The address may be the page of whoever logged out here.
    const [page = 'overview'] = parseRoute(location.hash).path;
    const { role } = entered;
    if (role !== undefined && page in PAGE_RIGHT && !mayOpen(role, page as PageName)) go(place(''), true);
    onSession(entered);
  };
  const send = () => action.run(() => box.post<SessionInfo>('login', values), enter);
  return (
    <Gate session={session} title={say(shellText.login)} hint={say(shellText.loginHint)}>
      <Form send={shellText.login} action={action} onSend={send}>
        <InputField label={shellText.user} autocomplete="username" required {...field('user')} />
        <InputField label={shellText.password} secret autocomplete="current-password" required {...field('password')} />
      </Form>
      <p class="hint">{say(shellText.forgotten)}</p>
    </Gate>
  );
}

export function Setup({ session, onSession }: GateProps) {
  const action = useAction();
  const [differ, setDiffer] = useState(false);
  const [swapping, setSwapping] = useState(false);
  const [swapped, setSwapped] = useState(false);
  // What was wrong is no longer said of what is entered now.
  const clear = (): void => {
    action.clear();
    setDiffer(false);
  };
  // The QR code of the label carries the code.
  const first = { code: parseRoute(location.hash).query.code ?? '', user: '', password: '', again: '' };
  const { values, field } = useFields(first, clear);
  const onSwapped = (after: SessionInfo): void => {
    setSwapping(false);
    setSwapped(true);
    onSession(after);
  };
  const send = async (): Promise<void> => {
    const { code, again, ...account } = values;
    action.clear();
    setDiffer(account.password !== again);
    if (account.password !== again) return;
    const answer = await action.run(() => box.post<SessionInfo>('setup', { ...account, code: code.trim() }));
    if (!answer.ok) return;
    // The code is used, and leads nowhere any more.
    if (parseRoute(location.hash).path[0] === 'setup') go(place(''), true);
    onSession(answer.value);
  };
  if (swapping) return <Swap session={session} onSession={onSwapped} onBack={() => setSwapping(false)} />;
  return (
    <Gate session={session} title={say(shellText.setup)} hint={say(swapped ? shellText.swapped : shellText.setupHint)}>
      <Form send={shellText.create} action={action} onSend={send}>
        <SetupCodeField {...field('code')} />
        <InputField label={shellText.user} autocomplete="username" required {...field('user')} />
        <InputField
          label={shellText.newPassword}
          hint={shellText.passwordHint}
          secret
          required
          {...field('password')}
        />
        <InputField
          label={shellText.passwordAgain}
          fault={differ ? shellText.passwordsDiffer : undefined}
          secret
          required
          {...field('again')}
        />
      </Form>
      {!swapped && <Button text={shellText.swap} look="link" onClick={() => setSwapping(true)} />}
    </Gate>
  );
}

/** A new box takes the place of another: the commonest second installation. */
function Swap({ session, onSession, onBack }: GateProps & { readonly onBack: () => void }) {
  const { values, field } = useFields({ code: '', passphrase: '' });
  const [file, setFile] = useState<File | undefined>();
  const action = useAction();
  const send = async (): Promise<void> => {
    const { code, passphrase } = values;
    const headers = {
      'lanewarden-setup-code': encodeURIComponent(code.trim()),
      ...(passphrase !== '' && { 'lanewarden-passphrase': encodeURIComponent(passphrase) }),
    };
    await action.run(() => box.post<SessionInfo>('setup/restore', file, headers), onSession);
  };
  return (
    <Gate session={session} title={say(shellText.swap)} hint={say(shellText.swapHint)} help="backup">
      <Form send={shellText.swapStart} action={action} off={file === undefined} onSend={send}>
        <SetupCodeField {...field('code')} />
        <FileField label={shellText.swapFile} accept=".zip,.backup,application/zip" onFile={setFile} />
        <InputField label={shellText.swapPassphrase} secret {...field('passphrase')} />
      </Form>
      <Button text={shellText.swapBack} look="link" onClick={onBack} />
    </Gate>
  );
}

function Gate({
  session,
  title,
  hint,
  help = 'access',
  children,
}: {
  readonly session: SessionInfo;
  readonly title: string;
  readonly hint: string;
  readonly help?: HelpName;
  readonly children: ComponentChildren;
}) {
  return (
    <main class="gate">
      <div class="gate-head">
        <ProductMark />
        <span class="product">{say(shellText.product)}</span>
        <LanguageButton />
      </div>
      <div class="card">
        <h1>{title}</h1>
        <p class="quiet">{hint}</p>
        {children}
        <HelpLink name={help} />
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

function SetupCodeField(props: { value: string; onValue: (code: string) => void }) {
  return (
    <InputField
      label={shellText.setupCode}
      hint={shellText.setupCodeHint}
      class="code"
      autocomplete="one-time-code"
      required
      {...props}
    />
  );
}

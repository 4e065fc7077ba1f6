/** The frame of every page after login: navigation, and bars for what is wrong. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SessionInfo, UserRole } from '../page/api/api.ts';
import type { DemoCar, DemoFaults } from '../page/api/api-setup.ts';
import { hasRight } from '../page/api/rights.ts';
import { type PageGroup, pageGroup, pageTitle, roleName, shellText } from '../text/page/ui-shell.ts';
import type { Text } from '../text/text.ts';
import { box, useAction, useLoad } from './fetch.ts';
import { Icon } from './icons.tsx';
import { UndoBar } from './inbox/undo.tsx';
import { sendHeld } from './inbox/verdicts.ts';
import { language, say } from './language.ts';
import { useAnswers, useOverview } from './live.ts';
import { LanguageButton, ProductMark } from './login.tsx';
import { PAGES, type Page } from './pages.ts';
import { Button, LinkButton, ProblemBox } from './parts.tsx';
import { place, useRoute } from './route.ts';
import { WaitingBar } from './waiting-bar.tsx';

interface FrameProps {
  readonly session: SessionInfo;
  readonly onSession: (session: SessionInfo) => void;
}

export function PageFrame({ session, onSession }: FrameProps) {
  const route = useRoute();
  const role = session.role ?? 'viewer';
  const name = route.path[0] ?? 'overview';
  const page = PAGES.find((each) => each.name === name);
  const record = name === 'releases' ? route.path[1] : undefined;
  const title = say(record ? shellText.record(record) : page ? pageTitle[page.name] : shellText.notFound);
  useEffect(() => {
    document.title = `${title} · ${say(shellText.product)}`;
  }, [title]);
  useEffect(() => scrollTo(0, 0), [route.path.join('/')]);
  return (
    <div class="frame">
      <header>
        <a class="skip" href={location.hash || '#/'} onClick={() => document.getElementById('content')?.focus()}>
          {say(shellText.skip)}
        </a>
      </header>
      <Side role={role} at={name} session={session} onSession={onSession} />
      <div class="column">
        <Bars session={session} role={role} at={name} />
        <UndoBar />
        <main id="content" tabIndex={-1}>
          <Content page={page} role={role} title={title}>
            {page && <page.component key={page.name} route={route} role={role} />}
          </Content>
        </main>
      </div>
      <BottomBar role={role} at={name} session={session} onSession={onSession} />
    </div>
  );
}

interface ContentProps {
  readonly page: Page | undefined;
  readonly role: UserRole;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Content({ page, role, title, children }: ContentProps) {
  if (page === undefined) return <Stop title={shellText.notFound} hint={shellText.notFoundHint} />;
  if (!hasRight(role, page.role))
    return (
      <Stop
        title={shellText.notYours}
        hint={shellText.notYoursHint(roleName[page.role === 'office' ? 'operator' : page.role])}
      />
    );
  return (
    <>
      <h1 class="page-title">{title}</h1>
      {children}
    </>
  );
}

const Stop = ({ title, hint }: { readonly title: Text; readonly hint: Text }) => (
  <div class="card stop">
    <h1>{say(title)}</h1>
    <p>{say(hint)}</p>
    <LinkButton to={place('overview')} text={shellText.toOverview} look="main" />
  </div>
);

interface NavigationProps extends FrameProps {
  readonly role: UserRole;
  readonly at: string;
}

function PageLink({ page, at, onClick }: { readonly page: Page; readonly at: string; readonly onClick?: () => void }) {
  return (
    <a class="page-link" href={place(page.name)} aria-current={page.name === at ? 'page' : undefined} onClick={onClick}>
      <Icon name={page.name} />
      <span>{say(pageTitle[page.name])}</span>
    </a>
  );
}

interface LinksProps {
  readonly role: UserRole;
  readonly at: string;
  readonly onClick?: () => void;
  /** Those of the bar are there already. */
  readonly besideBar?: boolean;
}

/** The pages of a role, by group. */
const PageLinks = ({ role, at, onClick, besideBar }: LinksProps) => (
  <>
    {(Object.keys(pageGroup) as PageGroup[]).map((group) => {
      const pages = PAGES.filter(
        (page) => page.group === group && hasRight(role, page.role) && !(besideBar && page.bar),
      );
      if (pages.length === 0) return null;
      return (
        <section class="page-group" key={group} aria-label={say(pageGroup[group])}>
          <p>{say(pageGroup[group])}</p>
          {pages.map((page) => (
            <PageLink key={page.name} page={page} at={at} {...(onClick && { onClick })} />
          ))}
        </section>
      );
    })}
  </>
);

function Account({ session, role, onSession }: FrameProps & { readonly role: UserRole }) {
  const logout = async (): Promise<void> => {
    await sendHeld();
    const answer = await box.post<SessionInfo>('logout');
    if (answer.ok) onSession(answer.value);
  };
  return (
    <div class="account">
      <span class="who">{say(shellText.loggedInAs(session.user ?? '', roleName[role]))}</span>
      <a class="button link" href={`/help/${language()}/`} target="_blank" rel="noopener">
        {say(shellText.help)}
      </a>
      <LanguageButton />
      <Button text={shellText.logout} look="link" onClick={logout} />
    </div>
  );
}

const Side = ({ role, at, session, onSession }: NavigationProps) => (
  <nav class="side" aria-label={say(shellText.pages)}>
    <a class="brand" href={place('overview')}>
      <ProductMark />
      <span class="product">{say(shellText.product)}</span>
    </a>
    <PageLinks role={role} at={at} />
    <Account session={session} role={role} onSession={onSession} />
  </nav>
);

function BottomBar({ role, at, session, onSession }: NavigationProps) {
  const [open, setOpen] = useState(false);
  const pages = PAGES.filter((page) => hasRight(role, page.role));
  const close = (): void => setOpen(false);
  const inMore = !pages.some((page) => page.bar && page.name === at);
  return (
    <nav class="bottom" aria-label={say(shellText.pages)}>
      {open && (
        <div class="sheet" id="more">
          <PageLinks role={role} at={at} onClick={close} besideBar />
          <Account session={session} role={role} onSession={onSession} />
        </div>
      )}
      <div class="bottom-row">
        {pages
          .filter(({ bar }) => bar)
          .map((page) => (
            <PageLink key={page.name} page={page} at={at} onClick={close} />
          ))}
        <button
          type="button"
          class={inMore ? 'page-link here' : 'page-link'}
          aria-expanded={open}
          aria-controls="more"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'more'} />
          <span>{say(shellText.more)}</span>
        </button>
      </div>
    </nav>
  );
}

function Bars({ session, role, at }: { readonly session: SessionInfo; readonly role: UserRole; readonly at: string }) {
  const answers = useAnswers();
  const overview = useOverview();
  const config = overview?.config;
  return (
    <>
      {session.demo && <DemoBar />}
      {!answers && (
        <div class="bar error" role="alert">
          <Icon name="error" />
          <span>{say(shellText.offline)}</span>
        </div>
      )}
      {overview?.waiting && <WaitingBar waiting={overview.waiting} role={role} user={session.user ?? ''} />}
      {config !== undefined && config.state !== 'good' && config.state !== 'new' && at !== 'config' && (
        <div class={config.state === 'trial' ? 'bar warn' : 'bar error'} role="status">
          <Icon name={config.state === 'trial' ? 'wait' : 'warn'} />
          <span>
            {say(
              config.state === 'trial'
                ? shellText.configTrial
                : config.state === 'reverted'
                  ? shellText.configReverted
                  : shellText.configBroken(config.faults),
            )}
          </span>
          {hasRight(role, 'installer') && <a href={place('config')}>{say(shellText.toConfig)}</a>}
        </div>
      )}
    </>
  );
}

const CARS: readonly { readonly car: DemoCar['car']; readonly text: Text }[] = [
  { car: 'paid', text: shellText.demoPaid },
  { car: 'manual', text: shellText.demoManual },
  { car: 'tailgater', text: shellText.demoTailgater },
  { car: 'trailer', text: shellText.demoTrailer },
];

function DemoBar() {
  const action = useAction();
  const faults = useLoad<DemoFaults>('demo');
  const [isSent, setSent] = useState(false);
  return (
    <section class="bar demo" aria-label={say(shellText.demo)}>
      <strong>{say(shellText.demo)}</strong>
      <output class="demo-says">{say(isSent ? shellText.demoSent : shellText.demoSays)}</output>
      <span class="demo-cars">
        {CARS.map(({ car, text }) => (
          <Button
            key={car}
            text={text}
            disabled={action.busy}
            onClick={async () => setSent((await action.run(() => box.post('demo', { car }))).ok)}
          />
        ))}
        <select
          class="button"
          aria-label={say(shellText.demoFaults)}
          value=""
          onChange={async ({ currentTarget }) => {
            const { name, on } = faults.value?.[currentTarget.selectedIndex - 1] ?? {};
            currentTarget.value = '';
            await action.run(() => box.post('demo', { fault: name, on: !on }));
            faults.reload();
          }}
        >
          <option value="">{say(shellText.demoFaults)}</option>
          {faults.value?.map(({ name, text, on }) => (
            <option key={name}>{(on ? '✓ ' : '') + say(text)}</option>
          ))}
        </select>
      </span>
      <ProblemBox problem={action.problem} />
    </section>
  );
}

/** The whole page: by the state of the session setup, login, or the frame with its pages. */
import { useEffect, useState } from 'preact/hooks';
import type { SessionInfo } from '../page/api/api.ts';
import { partText } from '../text/page/ui-parts.made.ts';
import { box, type FetchProblem, onSessionEnd } from './fetch.ts';
import { PageFrame } from './frame.tsx';
import { setGiver } from './inbox/verdicts.ts';
import { useLanguage } from './language.ts';
import { startLive, stopLive } from './live.ts';
import { LoginForm, Setup } from './login.tsx';
import { Button, Loading, ProblemBox } from './parts.tsx';

export function RootPage() {
  const [session, keepSession] = useState<SessionInfo | undefined>();
  const [problem, setProblem] = useState<FetchProblem | undefined>();
  useLanguage();
  const setSession = (next: SessionInfo): void => {
    setGiver(next.user);
    keepSession(next);
  };
  const reload = async (): Promise<void> => {
    const answer = await box.get<SessionInfo>('session');
    if (answer.ok) setSession(answer.value);
    setProblem(answer.ok ? undefined : answer.problem);
  };
  useEffect(() => {
    reload();
    return onSessionEnd(() => reload());
  }, []);
  const inside = session?.state === 'in';
  useEffect(() => {
    if (inside) startLive();
    else stopLive();
  }, [inside]);

  if (session === undefined)
    return (
      <main class="gate">
        {problem === undefined ? (
          <Loading />
        ) : (
          <ProblemBox problem={problem}>
            <Button text={partText.retry} onClick={reload} />
          </ProblemBox>
        )}
      </main>
    );
  if (session.state === 'setup') return <Setup session={session} onSession={setSession} />;
  if (session.state === 'login') return <LoginForm session={session} onSession={setSession} />;
  return <PageFrame session={session} onSession={setSession} />;
}

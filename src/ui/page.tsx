/** The whole page: who is here decides what is drawn: setup, login, or the frame with its pages. */
import { useEffect, useState } from 'preact/hooks';
import type { SessionInfo } from '../page/api/api.ts';
import { partText } from '../text/page/ui-parts.ts';
import { shellText } from '../text/page/ui-shell.ts';
import { box, type FetchProblem, onSessionEnd } from './fetch.ts';
import { PageFrame } from './frame.tsx';
import { onLanguage, say } from './language.ts';
import { startLive, stopLive } from './live.ts';
import { LoginForm, Setup } from './login.tsx';
import { Button, Loading, ProblemBox } from './parts.tsx';

export function RootPage() {
  const [session, setSession] = useState<SessionInfo | undefined>();
  const [problem, setProblem] = useState<FetchProblem | undefined>();
  const [, drawAnew] = useState(0);
  const look = async (): Promise<void> => {
    const answer = await box.get<SessionInfo>('session');
    if (answer.ok) setSession(answer.value);
    setProblem(answer.ok ? undefined : answer.problem);
  };
  useEffect(() => {
    look();
    const ears = [onSessionEnd(() => look()), onLanguage(() => drawAnew((before) => before + 1))];
    return () => {
      for (const ear of ears) ear();
    };
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
          <Loading text={shellText.loading} />
        ) : (
          <ProblemBox problem={problem}>
            <Button onClick={look}>{say(partText.retry)}</Button>
          </ProblemBox>
        )}
      </main>
    );
  if (session.state === 'setup') return <Setup session={session} onSession={setSession} />;
  if (session.state === 'login') return <LoginForm session={session} onSession={setSession} />;
  return <PageFrame session={session} onSession={setSession} />;
}

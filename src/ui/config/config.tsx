/** The configuration: one text in several views, checked before it is applied, on trial until kept. */
import { useEffect, useState } from 'preact/hooks';
import type { ApplyResult, ConfigView, Job } from '../../page/api/api-setup.ts';
import { hasRight } from '../../page/api/rights.ts';
import { configText } from '../../text/page/ui-config.made.ts';
import { waitingText } from '../../text/page/waiting.ts';
import type { Text } from '../../text/text.ts';
import { box, type FetchResult, useLoad } from '../fetch.ts';
import { JobProgress, useJob } from '../job.tsx';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, LoadState, Note, ProblemBox } from '../parts.tsx';
import { place } from '../route.ts';
import { DiffView } from './diff-view.tsx';
import { type ConfigDraft, useDraft } from './draft.ts';
import { Editor } from './editor.tsx';
import { FaultList } from './faults.tsx';
import { Foot } from './foot.tsx';
import { ConfigForm } from './form.tsx';
import { ConfigHistory } from './history.tsx';
import { SecretFields } from './secrets.tsx';
import { StateOfConfig } from './state.tsx';

const VIEWS = ['form', 'text', 'secrets', 'changes', 'history'] as const;
type View = (typeof VIEWS)[number];
const VIEW_NAME: Readonly<Record<View, Text>> = {
  form: configText.form,
  text: configText.text,
  secrets: configText.secrets,
  changes: configText.changes,
  history: configText.history,
};

export function Configuration({ route, role }: PageProps) {
  const config = useLoad<ConfigView>('config');
  const state = config.value?.state;
  useLive((event) => {
    // Kept, reverted or broken elsewhere.
    const next = event.event === 'overview' || event.event === 'status' ? event.data.config?.state : undefined;
    if (next !== undefined && state !== undefined && next !== state) config.reload();
  });
  if (config.value === undefined) return <LoadState of={config} />;
  if (!hasRight(role, 'installer')) return <ReadOnly view={config.value} />;
  const chosen = VIEWS.find((view) => view === route.path[1]);
  return <Loaded view={config.value} at={chosen ?? (state === 'broken' ? 'text' : 'form')} reload={config.reload} />;
}

/** For somebody who reads it and changes nothing. */
const ReadOnly = ({ view }: { readonly view: ConfigView }) => (
  <>
    <Card title={say(configText.text)}>
      <pre class="scroll">{view.yaml}</pre>
    </Card>
    <ConfigHistory yaml={view.yaml} />
  </>
);

function Loaded({ view, at, reload }: { readonly view: ConfigView; readonly at: View; readonly reload: () => void }) {
  const draft = useDraft(view);
  const apply = useJob('apply');
  const [show, setShow] = useState<{ line: number } | undefined>();
  const result = apply.job?.state === 'done' ? (apply.job.result as ApplyResult) : undefined;
  const ended = apply.job !== undefined && apply.job.state !== 'running';
  useEffect(() => {
    if (!ended) return;
    // A text on trial is now the box's own; a refused one stays here to be fixed.
    if (result?.state === 'trial') draft.settled();
    if (result?.state === 'waits') draft.discard();
    reload();
  }, [ended]);
  const follow = (job: Promise<FetchResult<Job>>): Promise<void> => apply.follow(job);
  const toLine = (line: number): void => {
    location.hash = place('config/text').slice(1);
    setShow({ line });
  };
  return (
    <>
      <StateOfConfig view={view} draft={draft} onDone={reload} onLine={toLine} />
      {apply.job?.state === 'running' && (
        <Card>
          <JobProgress job={apply.job} />
        </Card>
      )}
      {(apply.job?.state === 'failed' || result?.state === 'reverted') && (
        <Note level="error">
          <p>{say(configText.reverted)}</p>
          {apply.job?.error && <p>{say(apply.job.error)}</p>}
          {result?.why && <p>{say(result.why)}</p>}
          {result && <FaultList faults={result.faults} onLine={toLine} />}
        </Note>
      )}
      {result?.state === 'waits' && <Note level="warn">{say(waitingText.held)}</Note>}
      <Tabs at={at} draft={draft} />
      <ProblemBox problem={draft.problem} />
      {at === 'form' && <ConfigForm view={view} draft={draft} />}
      {at === 'text' && <Editor yaml={draft.yaml} faults={draft.faults} onYaml={draft.setYaml} show={show} />}
      {at === 'secrets' && <SecretFields view={view} draft={draft} />}
      {at === 'changes' && (
        <Card title={say(configText.changes)}>
          <DiffView before={view.yaml} after={draft.yaml} />
        </Card>
      )}
      {at === 'history' && <ConfigHistory yaml={view.yaml} rollback={{ busy: apply.busy, on: follow }} />}
      {at !== 'history' && (
        <Foot
          draft={draft}
          busy={apply.busy}
          onLine={toLine}
          onApply={() =>
            follow(
              box.put<Job>('config', {
                yaml: draft.yaml,
                base: draft.base,
                ...(Object.keys(draft.secrets).length > 0 && { secrets: draft.secrets }),
              }),
            )
          }
        >
          <ProblemBox problem={apply.problem}>
            {apply.problem?.code === 'conflict' && (
              <Button
                onClick={() => {
                  draft.discard();
                  apply.clear();
                  reload();
                }}
              >
                {say(configText.reloadTheirs)}
              </Button>
            )}
          </ProblemBox>
        </Foot>
      )}
    </>
  );
}

const Tabs = ({ at, draft }: { readonly at: View; readonly draft: ConfigDraft }) => (
  <nav class="tabs config-tabs" aria-label={say(configText.views)}>
    {VIEWS.map((view) => (
      <a key={view} class="button" href={place(`config/${view}`)} aria-current={view === at ? 'page' : undefined}>
        {say(VIEW_NAME[view])}
        {view === 'changes' && draft.dirty && ' •'}
      </a>
    ))}
  </nav>
);

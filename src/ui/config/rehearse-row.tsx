/** At a management system that is read: one row, as the draft has it, and the payment it would be. Nothing is counted. */
import type { Job, RowRehearsal } from '../../page/api/api-setup.ts';
import { rowTrialText } from '../../text/page/ui-config.made.ts';
import { diagnosticsText } from '../../text/page/ui-diagnostics.made.ts';
import { box } from '../fetch.ts';
import { WorkProgress } from '../inputs.tsx';
import { useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Button, Note } from '../parts.tsx';
import type { NodeProps } from './form-node.ts';
import { isMapping } from './schema.ts';

export function RehearseRow({ value, draft }: Pick<NodeProps, 'value' | 'draft'>) {
  const work = useJob('readRow');
  const system = isMapping(value) && typeof value.name === 'string' ? value.name : '';
  const read = async () =>
    box.post<Job>('config/rehearse', { yaml: await draft.written(), secrets: draft.secrets, system });
  const result = work.job?.state === 'done' ? (work.job.result as RowRehearsal) : undefined;
  return (
    <div class="rehearse-row above below">
      <Button text={rowTrialText.read} busy={work.busy} disabled={system === ''} onClick={() => work.follow(read())} />
      <p class="hint">{say(rowTrialText.hint)}</p>
      <WorkProgress work={work} />
      {result && <Result result={result} />}
    </div>
  );
}

function Result({ result: { row, payment, left, problems, fault } }: { readonly result: RowRehearsal }) {
  if (fault !== undefined)
    return (
      <Note level="error">
        <p>
          <strong>
            {say(rowTrialText.fault)}
            {say(fault.what)}
          </strong>
        </p>
        <p>{say(diagnosticsText.todo(fault.todo))}</p>
        <p class="quiet">
          {say(rowTrialText.detail)}: <code>{say(fault.detail)}</code>
        </p>
      </Note>
    );
  if (row.length === 0) return <Note level="ok">{say(rowTrialText.none)}</Note>;
  return (
    <>
      <Note level={problems.length > 0 ? 'error' : left === undefined ? 'ok' : 'warn'}>
        <p>{say(rowTrialText.done)}</p>
        {left && (
          <p>
            {say(rowTrialText.left)}
            {say(left)}
          </p>
        )}
        {problems.length > 0 && (
          <>
            <p>{say(rowTrialText.problems)}</p>
            <ul>
              {problems.map(({ field, message }) => (
                <li key={field}>
                  <code>{field}</code> {say(message)}
                </li>
              ))}
            </ul>
          </>
        )}
      </Note>
      <Values title={say(rowTrialText.row)} values={row} />
      {payment.length > 0 && <Values title={say(rowTrialText.payment)} values={payment} />}
    </>
  );
}

const Values = ({ title, values }: { readonly title: string; readonly values: RowRehearsal['row'] }) => (
  <>
    <h2 class="above">{title}</h2>
    <dl class="facts">
      {values.flatMap(({ name, value }) => [
        <dt key={`${name}:`}>{name}</dt>,
        <dd key={name} class="break">
          {value}
        </dd>,
      ])}
    </dl>
  </>
);

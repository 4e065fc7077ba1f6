/** Fields of forms, and the confirmation dialog. */
import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useEffect } from 'preact/hooks';
import { partText } from '../text/page/ui-parts.made.ts';
import type { Text } from '../text/text.ts';
import { box, type FetchProblem, useAction } from './fetch.ts';
import type { JobInHand } from './job.tsx';
import { JobProgress } from './job.tsx';
import { say } from './language.ts';
import { Button, Dialog, Field, ProblemBox, WeChatNote } from './parts.tsx';

const sending =
  (onSend: () => unknown) =>
  (event: Event): void => {
    event.preventDefault();
    onSend();
  };

/** Fields, and the one button that sends them. */
export function Form({
  send,
  busy,
  off,
  onSend,
  children,
}: {
  readonly send: Text;
  readonly busy: boolean;
  readonly off?: boolean;
  readonly onSend: () => unknown;
  readonly children: ComponentChildren;
}) {
  return (
    <form onSubmit={sending(onSend)}>
      {children}
      <Button look="main" submit busy={busy} disabled={off === true}>
        {say(send)}
      </Button>
    </form>
  );
}

/** A form in a dialog: what will happen, its fields, and cancel. */
export function Ask({
  title,
  yes,
  danger,
  action,
  off,
  onYes,
  onClose,
  no = { text: partText.cancel, onClick: onClose },
  more,
  children,
}: {
  readonly title: string;
  readonly yes: Text;
  readonly danger?: boolean;
  readonly action: { readonly busy: boolean; readonly problem?: FetchProblem | undefined };
  readonly off?: boolean;
  readonly onYes: () => unknown;
  readonly onClose: () => void;
  /** The cancel button. */
  readonly no?: { readonly text: Text; readonly onClick: () => void };
  /** Further buttons. */
  readonly more?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={sending(onYes)}>
        {children}
        <ProblemBox problem={action.problem} />
        <div class="foot">
          {more}
          <Button onClick={no.onClick}>{say(no.text)}</Button>
          <Button submit look={danger ? 'danger' : 'main'} busy={action.busy} disabled={off === true}>
            {say(yes)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks before what is at `path` of the box is removed. */
export function AskRemove({
  hint,
  path,
  onGone,
  ...ask
}: Pick<Parameters<typeof Ask>[0], 'title' | 'yes' | 'onClose'> & {
  readonly hint: Text;
  readonly path: string;
  readonly onGone: () => void;
}) {
  const action = useAction();
  const gone = (): void => {
    ask.onClose();
    onGone();
  };
  return (
    <Ask {...ask} danger action={action} onYes={() => action.run(() => box.remove(path), gone)}>
      <p>{say(hint)}</p>
    </Ask>
  );
}

/** A sentence to agree to. */
export const Tick = ({
  text,
  on,
  onValue,
}: {
  readonly text: Text;
  readonly on: boolean;
  readonly onValue: (on: boolean) => void;
}) => (
  <label class="check">
    <input type="checkbox" checked={on} onInput={(event) => onValue(event.currentTarget.checked)} />
    {say(text)}
  </label>
);

/** Progress and failure of a job; its starter shows the result. `onDone` is called once, on success. */
export function WorkProgress({ work, onDone }: { readonly work: JobInHand; readonly onDone?: () => void }) {
  const { job } = work;
  const isDone = job?.state === 'done';
  useEffect(() => {
    if (isDone) onDone?.();
  }, [isDone, job?.id]);
  return (
    <>
      <ProblemBox problem={work.problem} />
      {job && !isDone && <JobProgress job={job} onCancel={work.cancel} />}
    </>
  );
}

type Plain = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'required' | 'placeholder' | 'pattern' | 'maxLength' | 'autocomplete' | 'type' | 'class'
>;

interface InputProps extends Plain {
  readonly label: Text;
  readonly hint?: Text | undefined;
  readonly fault?: Text | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly secret?: boolean;
  readonly number?: boolean;
}

export function InputField({ label, hint, fault, value, onValue, secret, number, ...plain }: InputProps) {
  return (
    <Field label={say(label)} hint={hint && say(hint)} fault={fault && say(fault)}>
      {(bound) => (
        <input
          type={secret ? 'password' : number ? 'number' : 'text'}
          autocomplete={secret ? 'new-password' : 'off'}
          autocapitalize="off"
          spellcheck={false}
          {...plain}
          {...bound}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  value,
  all,
  onValue,
  name = (each) => each,
}: {
  readonly label: Text;
  readonly hint?: Text;
  readonly value: string;
  readonly all: readonly string[];
  readonly onValue: (value: string) => void;
  readonly name?: (value: string) => string;
}) {
  return (
    <Field label={say(label)} hint={hint && say(hint)}>
      {(bound) => (
        <select {...bound} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {all.map((each) => (
            <option key={each} value={each}>
              {name(each)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Without `accept` any file can be chosen. */
export const FileField = ({
  label,
  accept,
  onFile,
}: {
  readonly label: Text;
  readonly accept?: string;
  readonly onFile: (file: File | undefined) => void;
}) => (
  <Field label={say(label)}>
    {(bound) => (
      <>
        <input {...bound} type="file" accept={accept} onChange={(event) => onFile(event.currentTarget.files?.[0])} />
        <WeChatNote text={partText.noUpload} />
      </>
    )}
  </Field>
);

/** Fields of forms, and the confirmation dialog. */
import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { partText } from '../text/page/ui-parts.made.ts';
import type { Text } from '../text/text.ts';
import { box, type FetchProblem, type FetchResult, useAction } from './fetch.ts';
import type { JobInHand } from './job.tsx';
import { JobProgress } from './job.tsx';
import { say } from './language.ts';
import { Button, Dialog, Field, ProblemBox, WeChatNote } from './parts.tsx';

type TextOf<T> = { [Name in keyof T]: T[Name] extends string ? Name : never }[keyof T];

/** The values of a form, kept here. `onEdit`: what was said of the former ones holds no more. */
export function useFields<T extends object>(first: T, onEdit?: () => void) {
  const [values, set] = useState(first);
  const field = (name: TextOf<T>) => ({
    value: values[name] as string,
    onValue: (value: string) => {
      onEdit?.();
      // A browser that fills in several at once loses none.
      set((now) => ({ ...now, [name]: value }));
    },
  });
  return { values, field, set, clear: () => set(first) };
}

const sending =
  (onSend: () => unknown) =>
  (event: Event): void => {
    event.preventDefault();
    onSend();
  };

/** What is done with a form: whether it is under way, and why it failed; `state`: more to say below it. */
interface FormAction {
  readonly busy: boolean;
  readonly problem?: FetchProblem | undefined;
  readonly state?: ComponentChildren;
}

interface FormProps {
  readonly send: Text;
  /** Left out: nothing is asked of the box. */
  readonly action?: FormAction;
  readonly off?: boolean;
  readonly onSend: () => unknown;
  readonly children: ComponentChildren;
}

/** Fields, the one button that sends them, and what came of it. */
export const Form = ({ send, action, off, onSend, children }: FormProps) => (
  <>
    <form onSubmit={sending(onSend)}>
      {children}
      <ProblemBox problem={action?.problem} />
      <Button text={send} look="main" submit busy={action?.busy === true} disabled={off === true} />
    </form>
    {action?.state}
  </>
);

interface AskProps<T> {
  readonly title: Text;
  readonly yes: Text;
  readonly danger?: boolean;
  readonly off?: boolean;
  /** What is asked of the box; it closes when that succeeded. undefined: nothing is asked yet. */
  readonly ask: () => Promise<FetchResult<T>> | undefined;
  /** After it has closed. */
  readonly onDone?: ((value: T) => unknown) | undefined;
  readonly onClose: () => void;
  /** The cancel button. */
  readonly no?: { readonly text: Text; readonly onClick: () => void };
  /** Another button, which asks for something else. */
  readonly more?: { readonly text: Text; readonly ask: () => Promise<FetchResult<T>> } | undefined;
  readonly children: ComponentChildren;
}

/** A form in a dialog: what will happen, its fields, and cancel. */
export function Ask<T>(props: AskProps<T>) {
  const { title, yes, danger, off, ask, onDone, onClose, more, children } = props;
  const { text, onClick } = props.no ?? { text: partText.cancel, onClick: onClose };
  const action = useAction();
  const send = (asked: Promise<FetchResult<T>> | undefined): unknown =>
    asked &&
    action.run(
      () => asked,
      (value) => {
        onClose();
        onDone?.(value);
      },
    );
  return (
    <Dialog title={say(title)} onClose={onClose}>
      <form onSubmit={sending(() => send(ask()))}>
        {children}
        <ProblemBox problem={action.problem} />
        <div class="foot">
          {more && <Button text={more.text} onClick={() => send(more.ask())} busy={action.busy} />}
          <Button text={text} onClick={onClick} />
          <Button text={yes} submit look={danger ? 'danger' : 'main'} busy={action.busy} disabled={off === true} />
        </div>
      </form>
    </Dialog>
  );
}

interface RemoverProps {
  readonly yes: Text;
  /** Of what is removed, for those who do not see its row. */
  readonly name: string;
  readonly title: Text;
  readonly hint: Text;
  readonly path: string;
  readonly onGone: () => void;
}

/** A button that asks before what is at `path` of the box is removed. */
export const Remover = ({ yes, name, title, hint, path, onGone }: RemoverProps) => (
  <Opens
    text={yes}
    label={`${say(yes)} ${name}`}
    dialog={(close) => (
      <Ask {...{ title, yes }} danger ask={() => box.remove(path)} onDone={onGone} onClose={close}>
        <p>{say(hint)}</p>
      </Ask>
    )}
  />
);

/** A button that opens a dialog, which is drawn anew each time; what is open stays where the button is offered no longer. */
export function Opens({
  dialog,
  onClosed,
  offered = true,
  ...button
}: Omit<Parameters<typeof Button>[0], 'onClick'> & {
  readonly dialog: (close: () => void) => ComponentChildren;
  readonly onClosed?: () => void;
  readonly offered?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
    onClosed?.();
  };
  return (
    <>
      {offered && <Button {...button} onClick={() => setOpen(true)} />}
      {open && dialog(close)}
    </>
  );
}

interface TickProps {
  readonly text: Text;
  readonly on: boolean;
  readonly onValue: (on: boolean) => void;
}

/** A sentence to agree to. */
export const Tick = ({ text, on, onValue }: TickProps) => (
  <label class="check">
    <input type="checkbox" checked={on} onInput={(event) => onValue(event.currentTarget.checked)} />
    {say(text)}
  </label>
);

/** Which ones of several, in their order. */
export const Ticks = <T extends string | number>({
  legend,
  all,
  on,
  onPick,
  children,
}: {
  readonly legend: Text;
  readonly all: readonly (readonly [value: T, name: Text])[];
  readonly on: readonly T[];
  readonly onPick: (on: T[]) => void;
  readonly children?: ComponentChildren;
}) => (
  <fieldset class="ticks">
    <legend>{say(legend)}</legend>
    {all.map(([value, name]) => {
      const toggle = (isOn: boolean) =>
        onPick(all.flatMap(([each]) => ((each === value ? isOn : on.includes(each)) ? [each] : [])));
      return <Tick key={value} text={name} on={on.includes(value)} onValue={toggle} />;
    })}
    {children}
  </fieldset>
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

interface SelectFieldProps {
  readonly label: Text;
  readonly hint?: Text;
  readonly value: string;
  readonly all: readonly string[];
  readonly onValue: (value: string) => void;
  readonly name?: (value: string) => string;
}

export function SelectField({ label, hint, value, all, onValue, name = (each) => each }: SelectFieldProps) {
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

interface FileFieldProps {
  readonly label: Text;
  readonly accept?: string;
  readonly onFile: (file: File | undefined) => void;
}

/** Without `accept` any file can be chosen. */
export const FileField = ({ label, accept, onFile }: FileFieldProps) => (
  <Field label={say(label)}>
    {(bound) => (
      <>
        <input {...bound} type="file" accept={accept} onChange={(event) => onFile(event.currentTarget.files?.[0])} />
        <WeChatNote text={partText.noUpload} />
      </>
    )}
  </Field>
);

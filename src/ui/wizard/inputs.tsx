/** The fields that the forms of the wizard are made of. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Text } from '../../text/text.ts';
import type { JobInHand } from '../job.tsx';
import { JobProgress } from '../job.tsx';
import { say } from '../language.ts';
import { Button, Field, ProblemBox } from '../parts.tsx';

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
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {children}
      <Button look="main" submit busy={busy} disabled={off === true}>
        {say(send)}
      </Button>
    </form>
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

/** How far a job of the wizard is and what went wrong; what it found is shown by its step. `onDone`: once, when it has ended well. */
export function Work({ work, onDone }: { readonly work: JobInHand; readonly onDone?: () => void }) {
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

interface InputProps {
  readonly label: Text;
  readonly hint?: Text;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly number?: boolean;
  readonly placeholder?: string;
  readonly pattern?: string;
}

export function InputField({
  label,
  hint,
  value,
  onValue,
  required,
  secret,
  number,
  placeholder,
  pattern,
}: InputProps) {
  return (
    <Field label={say(label)} hint={hint && say(hint)}>
      {(bound) => (
        <input
          {...bound}
          type={secret ? 'password' : number ? 'number' : 'text'}
          autocomplete={secret ? 'new-password' : 'off'}
          autocapitalize="off"
          spellcheck={false}
          required={required}
          placeholder={placeholder}
          pattern={pattern}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function SelectField({
  label,
  value,
  all,
  onValue,
  name = (each) => each,
}: {
  readonly label: Text;
  readonly value: string;
  readonly all: readonly string[];
  readonly onValue: (value: string) => void;
  readonly name?: (value: string) => string;
}) {
  return (
    <Field label={say(label)}>
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

/** Components shared by all pages. A state is always a pictogram and a word, never a colour alone. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Level } from '../page/api/api.ts';
import { partText } from '../text/page/ui-parts.made.ts';
import { shellText } from '../text/page/ui-shell.ts';
import type { Text } from '../text/text.ts';
import { boxAddress, type FetchProblem } from './fetch.ts';
import { Icon, type IconName } from './icons.tsx';
import { say } from './language.ts';

interface ButtonProps {
  /** What it says, or `children`. Without either: the icon alone, with a `label`. */
  readonly text?: Text;
  readonly children?: ComponentChildren;
  readonly onClick?: () => void;
  /** `main`: the primary action; `danger`: cannot be undone. */
  readonly look?: 'main' | 'plain' | 'danger' | 'link';
  readonly icon?: IconName;
  readonly submit?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  /** Accessible name, if the children do not suffice. */
  readonly label?: string;
}

export function Button({
  text,
  children = text && say(text),
  onClick,
  look = 'plain',
  icon,
  submit,
  busy,
  disabled,
  label,
}: ButtonProps) {
  const button = (
    <button
      type={submit ? 'submit' : 'button'}
      class={`button ${look}${children === undefined ? ' bare' : ''}`}
      onClick={onClick}
      disabled={busy === true || disabled === true}
      aria-busy={busy === true}
      aria-label={label}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
  if (icon !== 'download') return button;
  return (
    <>
      {button}
      <WeChatNote text={partText.noDownload} />
    </>
  );
}

interface DownloadProps {
  readonly path: string;
  readonly look?: 'plain' | 'main';
  readonly children: ComponentChildren;
}

interface LinkButtonProps extends Pick<ButtonProps, 'text' | 'icon' | 'label'> {
  readonly to: string;
  readonly look?: 'plain' | 'main';
  readonly hidden?: boolean;
}

/** A link to another place of the page, as a button. */
export const LinkButton = ({ to, text, icon, label, look = 'plain', hidden }: LinkButtonProps) => (
  <a class={`button ${look}`} href={to} aria-label={label} hidden={hidden}>
    {text && say(text)}
    {icon && <Icon name={icon} />}
  </a>
);

/** A link to a file that is kept. */
export function Download({ path, look = 'plain', children }: DownloadProps) {
  return (
    <>
      <a class={`button ${look}`} href={boxAddress(path)} download>
        <Icon name="download" />
        {children}
      </a>
      <WeChatNote text={partText.noDownload} />
    </>
  );
}

/** In WeChat's view a download, or a chosen file, leads to nothing and no error: the way out, beside it. */
export function WeChatNote({ text }: { readonly text: Text }) {
  const [done, setDone] = useState(false);
  if (!/MicroMessenger/i.test(navigator.userAgent)) return null;
  return (
    <span class="wechat">
      {say(text)}
      <Button
        text={done ? partText.copied : partText.copyAddress}
        look="link"
        onClick={async () => {
          await copyText(location.href);
          setDone(true);
        }}
      />
    </span>
  );
}

/** On plain HTTP there is no clipboard: `shown`, which has it, is selected and copied the old way. */
async function copyText(text: string, shown?: HTMLElement | null): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const own = shown ?? document.body.appendChild(document.createElement('span'));
    if (!shown) own.textContent = text;
    const range = document.createRange();
    range.selectNodeContents(own);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    document.execCommand('copy');
    if (!shown) own.remove();
  }
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  /** Gets the id and what describes it. */
  readonly children: (bound: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: boolean;
  }) => ComponentChildren;
}

/** A label, its control, and what is wrong with what is in it. */
export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const hasHint = fault !== undefined || hint !== undefined;
  return (
    <div class={fault === undefined ? 'field' : 'field faulty'}>
      <label for={id}>{label}</label>
      {children({
        id,
        ...(hasHint && { 'aria-describedby': `${id}-hint` }),
        ...(fault !== undefined && { 'aria-invalid': true }),
      })}
      {hasHint && (
        <p class="hint" id={`${id}-hint`}>
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}

interface ProblemBoxProps {
  readonly problem: FetchProblem | undefined;
  readonly children?: ComponentChildren;
}

/** A problem, announced to screen readers. */
export function ProblemBox({ problem, children }: ProblemBoxProps) {
  if (problem === undefined) return null;
  return (
    <div class="box error" role="alert">
      <Icon name="error" />
      <div>
        <p class="lines">{problem.message}</p>
        {problem.errors.length > 0 && (
          <ul>
            {problem.errors.map(({ field, message }) => (
              <li key={field}>
                <code>{field}</code> {message}
              </li>
            ))}
          </ul>
        )}
        {children}
      </div>
    </div>
  );
}

/** A note of severity `level`. */
export function Note({ level, children }: { readonly level: Level; readonly children: ComponentChildren }) {
  return (
    <div class={`box ${level}`}>
      <Icon name={level} />
      <div>{children}</div>
    </div>
  );
}

export type Tone = Level | 'idle';

interface BadgeProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly children: ComponentChildren;
}

/** A state: a pictogram and a word. */
export function Badge({ tone, icon, children }: BadgeProps) {
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon ?? (tone === 'idle' ? 'wait' : tone)} />
      {children}
    </span>
  );
}

interface CheckRowProps {
  readonly tone: Tone;
  readonly state: Text;
  readonly children: ComponentChildren;
}

/** A row of a list of checks: its state in front, what it is about behind. */
export const CheckRow = ({ tone, state, children }: CheckRowProps) => (
  <li>
    <span>
      <Badge tone={tone}>{say(state)}</Badge>
    </span>
    <div>{children}</div>
  </li>
);

interface CardProps {
  readonly title?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}

/** A section with its heading. */
export function Card({ title, tools, children, wide }: CardProps) {
  return (
    <section class={wide ? 'card wide' : 'card'}>
      {(title !== undefined || tools !== undefined) && (
        <header>
          {title !== undefined && <h2>{title}</h2>}
          {tools !== undefined && <div class="tools">{tools}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

/** A name and its value, of a list of facts; nothing where there is no value. */
export const ShownFact = ({ name, children }: { readonly name: Text; readonly children: ComponentChildren }) =>
  children === undefined || children === false || children === '' ? null : (
    <>
      <dt>{say(name)}</dt>
      <dd>{children}</dd>
    </>
  );

export const Empty = ({ children }: { readonly children: ComponentChildren }) => <p class="empty">{children}</p>;

export const Loading = () => (
  <p class="empty" role="status">
    {say(shellText.loading)}
  </p>
);

/** What stands in place of a value until there is one: that it comes, or why it does not. */
export const LoadState = ({ of: { value, problem } }: { readonly of: Loaded }) =>
  value === undefined && problem === undefined ? <Loading /> : <ProblemBox problem={problem} />;

interface Loaded {
  readonly value: unknown;
  readonly problem: FetchProblem | undefined;
}

interface DialogProps {
  /** As wide as the screen allows. */
  readonly wide?: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** The browser's own dialog: keeps the focus inside, closes by Escape. Old Safari has none; there it is drawn as one. */
export function Dialog({ title, onClose, children, wide }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Opened as it is drawn: an effect that waits for the next picture leaves a dialog that takes neither Escape nor focus.
  useLayoutEffect(() => {
    const dialog = place.current;
    const before = document.activeElement;
    if (typeof dialog?.showModal === 'function') dialog.showModal();
    else {
      dialog?.setAttribute('open', '');
      dialog?.classList.add('drawn');
      dialog?.querySelector<HTMLElement>('input, textarea, select, button')?.focus();
    }
    return () => {
      // While it is open, what lies behind it takes no focus.
      if (typeof dialog?.close === 'function') dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={place}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <Button look="link" icon="close" label={say(partText.close)} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}

/** A text with a copy button. */
export function Copy({ text }: { readonly text: string }) {
  const [done, setDone] = useState(false);
  const place = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    await copyText(text, place.current);
    setDone(true);
    setTimeout(() => setDone(false), 2_000);
  };
  return (
    <span class="copy">
      <code ref={place}>{text}</code>
      <Button text={done ? partText.copied : partText.copy} look="link" icon={done ? 'ok' : 'copy'} onClick={copy} />
    </span>
  );
}

/**
 * The draft of the configuration: one text, shown as form or text, checked by the box after every change. It survives a visit to another page
 * and ends when applied or discarded.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConfigCheck, ConfigView, ShownConfigFault } from '../../page/api/api-setup.ts';
import { box, type FetchProblem } from '../fetch.ts';
import { type Change, type SchemaPath, type SecretValues, withValue } from './schema.ts';

export interface ConfigDraft {
  readonly base: string;
  readonly yaml: string;
  /** As plain JSON, with every edit so far; undefined while the text is not YAML. */
  readonly value: unknown;
  readonly faults: readonly ShownConfigFault[];
  readonly secrets: SecretValues;
  readonly dirty: boolean;
  readonly checking: boolean;
  readonly problem: FetchProblem | undefined;
  setYaml(yaml: string): void;
  /** Changes one value, comments kept; undefined removes it. */
  edit(path: SchemaPath, value: unknown): void;
  /** The text with every edit so far. */
  written(): Promise<string>;
  /** '' discards the new value. */
  setSecret(name: string, value: string): void;
  checkNow(): void;
  discard(): void;
  /** After an apply: the next text of the box replaces the draft. */
  settled(): void;
}

interface Kept extends Pick<ConfigDraft, 'base' | 'yaml' | 'value' | 'faults' | 'secrets'> {
  /** The box's own text when the change began. */
  readonly saved: string;
  /** Not in the text yet. They are shown at once, so that what is edited next builds on them. */
  readonly edits: readonly Change[];
}

let kept: Kept | undefined;
const CHECK_AFTER_MS = 500;

const fresh = (view: ConfigView): Kept => ({
  base: view.base,
  saved: view.yaml,
  yaml: view.yaml,
  edits: [],
  value: view.value,
  faults: view.faults,
  secrets: {},
});

export function useDraft(view: ConfigView): ConfigDraft {
  const [now, setNow] = useState<Kept>(() => (kept?.base === view.base ? kept : fresh(view)));
  const [checking, setChecking] = useState(false);
  const [problem, setProblem] = useState<FetchProblem | undefined>();
  const latest = useRef(now);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>();
  const writing = useRef<Promise<void> | undefined>();
  const gone = useRef(false);

  const put = (change: Partial<Kept>): void => {
    // The page that is open now has its own.
    if (gone.current) return;
    latest.current = { ...latest.current, ...change };
    kept = latest.current;
    setNow(latest.current);
  };
  // The box has another text now (applied, rolled back, or changed elsewhere). A changed draft stays: applying it answers "conflict", and the
  // person decides.
  useEffect(() => {
    if (latest.current.base !== view.base && !touched(latest.current)) put(fresh(view));
  }, [view.base]);
  useEffect(() => {
    if (touched(latest.current)) check();
    return () => {
      gone.current = true;
      clearTimeout(timer.current);
    };
  }, []);

  const write = (): Promise<void> => {
    writing.current ??= writeEdits({ latest, gone, put, setProblem }).then(() => {
      writing.current = undefined;
      if (latest.current.edits.length === 0) checkSoon();
    });
    return writing.current;
  };
  const check = async (): Promise<void> => {
    const { yaml, edits } = latest.current;
    clearTimeout(timer.current);
    if (edits.length > 0) return write();
    setChecking(true);
    const answer = await box.post<ConfigCheck>('config/check', { yaml });
    if (latest.current.yaml !== yaml) return;
    setChecking(false);
    setProblem(answer.ok ? undefined : answer.problem);
    if (answer.ok) put({ faults: answer.value.faults, value: answer.value.value });
  };
  const checkSoon = (): void => {
    if (gone.current) return;
    clearTimeout(timer.current);
    setChecking(true);
    timer.current = setTimeout(check, CHECK_AFTER_MS);
  };
  return {
    ...now,
    value: now.edits.reduce((value, edit) => withValue(value, edit.path, edit.value), now.value),
    dirty: touched(now),
    checking: checking || now.edits.length > 0,
    problem,
    setYaml: (yaml) => {
      put({ yaml });
      checkSoon();
    },
    edit: (path, value) => {
      put({ edits: [...latest.current.edits, { path, value }] });
      write();
    },
    written: () => write().then(() => latest.current.yaml),
    setSecret: (name, value) => {
      const { [name]: _, ...others } = latest.current.secrets;
      put({ secrets: value === '' ? others : { ...others, [name]: value } });
    },
    checkNow: check,
    discard: () => {
      put(fresh(view));
      setProblem(undefined);
    },
    settled: () => put({ saved: latest.current.yaml, secrets: {} }),
  };
}

interface Writer {
  readonly latest: { readonly current: Kept };
  readonly gone: { readonly current: boolean };
  put(change: Partial<Kept>): void;
  setProblem(problem: FetchProblem | undefined): void;
}

/** One after the other: each builds on the text that the one before it made. What the box did not take waits for the next edit or check. */
async function writeEdits({ latest, gone, put, setProblem }: Writer): Promise<void> {
  for (let [edit] = latest.current.edits; edit !== undefined; [edit] = latest.current.edits) {
    const { yaml } = latest.current;
    const answer = await box.post<{ yaml: string; value?: unknown }>('config/edit', { yaml, ...edit });
    if (gone.current) return;
    // Discarded meanwhile, or the text typed on.
    if (latest.current.edits[0] !== edit || latest.current.yaml !== yaml) continue;
    setProblem(answer.ok ? undefined : answer.problem);
    // Only what the box says is no edit of this text is given up.
    if (!answer.ok && answer.problem.code !== 'invalid') return;
    put({ ...(answer.ok && answer.value), edits: latest.current.edits.slice(1) });
  }
}

const touched = (draft: Kept): boolean =>
  draft.yaml !== draft.saved || draft.edits.length > 0 || Object.keys(draft.secrets).length > 0;

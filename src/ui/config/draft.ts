/**
 * The configuration as it is being changed: one text, seen as form or as text, checked by the box after every change. It outlives a look at
 * another page, and is gone when it is applied or discarded.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConfigCheck, ConfigView, ShownConfigFault } from '../../page/api/api-setup.ts';
import { box, type FetchProblem } from '../fetch.ts';
import type { SchemaPath } from './schema.ts';

export interface ConfigDraft {
  readonly base: string;
  readonly yaml: string;
  /** As plain JSON; undefined while the text is not YAML. */
  readonly value: unknown;
  readonly faults: readonly ShownConfigFault[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly dirty: boolean;
  readonly checking: boolean;
  readonly problem: FetchProblem | undefined;
  setYaml(yaml: string): void;
  /** One value, comments kept; undefined takes it away. */
  edit(path: SchemaPath, value: unknown): void;
  /** '' forgets the new value. */
  setSecret(name: string, value: string): void;
  checkNow(): void;
  discard(): void;
  /** It has been applied: the next text of the box takes its place. */
  settled(): void;
}

interface Kept {
  readonly base: string;
  /** The box's own text when the change began. */
  readonly saved: string;
  readonly yaml: string;
  readonly value: unknown;
  readonly faults: readonly ShownConfigFault[];
  readonly secrets: Readonly<Record<string, string>>;
}

let kept: Kept | undefined;
const CHECK_AFTER_MS = 500;

const fresh = (view: ConfigView): Kept => ({
  base: view.base,
  saved: view.yaml,
  yaml: view.yaml,
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
  const edits = useRef<Promise<void>>(Promise.resolve());

  const put = (change: Partial<Kept>): void => {
    latest.current = { ...latest.current, ...change };
    kept = latest.current;
    setNow(latest.current);
  };
  // The box has another text now (applied, rolled back, or changed by somebody else). A text under change stays as it is: the box says
  // "conflict" when it is applied, and the person decides.
  useEffect(() => {
    if (latest.current.base !== view.base && !touched(latest.current)) put(fresh(view));
  }, [view.base]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const check = async (): Promise<void> => {
    const { yaml } = latest.current;
    setChecking(true);
    const answer = await box.post<ConfigCheck>('config/check', { yaml });
    if (latest.current.yaml !== yaml) return;
    setChecking(false);
    setProblem(answer.ok ? undefined : answer.problem);
    if (answer.ok) put({ faults: answer.value.faults, value: answer.value.value });
  };
  const checkSoon = (): void => {
    clearTimeout(timer.current);
    setChecking(true);
    timer.current = setTimeout(check, CHECK_AFTER_MS);
  };
  return {
    ...now,
    dirty: touched(now),
    checking,
    problem,
    setYaml: (yaml) => {
      put({ yaml });
      checkSoon();
    },
    edit: (path, value) => {
      // One after the other: each builds on the text that the one before it made.
      edits.current = edits.current.then(async () => {
        const answer = await box.post<{ yaml: string; value?: unknown }>('config/edit', {
          yaml: latest.current.yaml,
          path,
          value,
        });
        if (!answer.ok) return setProblem(answer.problem);
        setProblem(undefined);
        put({ yaml: answer.value.yaml, ...('value' in answer.value && { value: answer.value.value }) });
        checkSoon();
      });
    },
    setSecret: (name, value) => {
      const { [name]: _, ...others } = latest.current.secrets;
      put({ secrets: value === '' ? others : { ...others, [name]: value } });
    },
    checkNow: () => {
      clearTimeout(timer.current);
      check();
    },
    discard: () => {
      put(fresh(view));
      setProblem(undefined);
    },
    settled: () => put({ saved: latest.current.yaml, secrets: {} }),
  };
}

const touched = (draft: Kept): boolean => draft.yaml !== draft.saved || Object.keys(draft.secrets).length > 0;

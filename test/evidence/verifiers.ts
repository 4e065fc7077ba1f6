/** The verifiers of bundles that share no code with the program: the one in Python, and the page that works from a stick. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

export interface PythonFindings {
  readonly verdict: 'PASS' | 'WHOLE, KEY NOT COMPARED' | 'FAIL';
  readonly faults: readonly [what: string, file: string | null, seq: number | null][];
}

/** Throws where its exit code is not what it says. */
export function python(words: readonly string[]): PythonFindings[] {
  const script = join(import.meta.dirname, 'verify.py');
  const { stdout, stderr, status } = spawnSync('python3', [script, ...words], {
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  if (stdout === '') throw new Error(stderr);
  const found = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PythonFindings);
  const isOwn = found.every(({ faults, verdict }) => (verdict === 'FAIL') === faults.length > 0);
  if (!isOwn || (status === 0) !== found.every(({ verdict }) => verdict !== 'FAIL')) throw new Error(`exit ${status}`);
  return found;
}

interface PageFault {
  readonly what: string;
  readonly file?: string;
  readonly seq?: number;
}

interface PageFormer {
  readonly last: number;
  readonly head?: { readonly key: string };
}

export type PageCheck = (
  zip: Uint8Array,
  key?: string,
) => {
  readonly faults: readonly PageFault[];
  readonly former: readonly PageFormer[];
};

/** The page's own code, without a browser; test/browser/evidence.long.test.ts opens it in one. */
export function pageCheck(): PageCheck {
  const html = readFileSync(join(import.meta.dirname, '../../docs/evidence-verifier.html'), 'utf8');
  const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? [];
  const document = { getElementById: () => ({ addEventListener: () => undefined }) };
  return runInNewContext(`${script};check`, { document, TextEncoder, TextDecoder }) as PageCheck;
}

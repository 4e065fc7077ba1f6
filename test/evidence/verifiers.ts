/** The verifiers of bundles that share no code with the program: the one in Python, and the page that works from a stick. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

export interface PythonFindings {
  readonly faults: readonly [what: string, file: string | null, seq: number | null][];
}

export function python(files: readonly string[]): PythonFindings[] {
  const script = join(import.meta.dirname, 'verify.py');
  const found = execFileSync('python3', [script, ...files], { encoding: 'utf8', maxBuffer: 64_000_000 });
  return found
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
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

export type PageCheck = (zip: Uint8Array) => {
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

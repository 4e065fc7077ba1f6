/** `lanewarden practice` against our own system of a vendor. */
import { fileURLToPath } from 'node:url';
import { program } from '../stories/processes.ts';

const VENDOR = fileURLToPath(new URL('vendor.mjs', import.meta.url));

interface Result {
  readonly passed: number;
  readonly of: number;
  readonly stories: readonly {
    readonly number: number;
    readonly passed: boolean;
    readonly seen?: { readonly en: string };
  }[];
}

/** `careless`: the mistake that it makes; test/practice/vendor.mjs has them. */
export async function practise(stories: readonly number[], careless = '') {
  const words = stories.flatMap((number) => ['--story', String(number)]);
  const running = program(['practice', '--json', ...words, '--', process.execPath, VENDOR], { CARELESS: careless });
  const code = await running.ended;
  const result = JSON.parse(running.lines().join('\n')) as Result;
  const failed = result.stories.filter(({ passed }) => !passed);
  return { code, result, failed: failed.map(({ number }) => number), seen: failed.map(({ seen }) => seen?.en ?? '') };
}

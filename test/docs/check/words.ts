/** Every word and number in code is one of the program, of a file, or of another program that is listed. */
import { type Known, WORD } from './known.ts';
import { OUTSIDE_ROOMS } from './outside.ts';
import { codeOf, type Fault, type Section } from './pages.ts';

interface Span {
  readonly line: number;
  readonly text: string;
}

/** Code within lines, and lines of blocks without comments. */
export function spansOf({ prose, rows, blocks }: Section): readonly Span[] {
  const inline = [...prose, ...rows].flatMap(({ number, text }) =>
    codeOf(text).map((code) => ({ line: number, text: code })),
  );
  const lines = blocks.flatMap((block) =>
    block.lines.map(({ number, text }) => ({ line: number, text: text.replace(/(^|\s)#.*$/, '') })),
  );
  return [...inline, ...lines];
}

/** Keys, digests and serials are what they are. */
const isValue = (word: string): boolean =>
  /^[0-9A-Fa-f]{8,}$/.test(word) || /^[0-9a-f]{4,}(-[0-9a-f]{4,})+$/.test(word);

function wordFaults({ words, numbers }: Known, span: Span): readonly string[] {
  const plain = span.text.replaceAll(/\\n|…\w+/g, ' ').replaceAll(/whsec_\S+|sha256\/\/\S+/g, ' ');
  return (plain.match(WORD) ?? [])
    .filter((word) => word.length > 1 && !isValue(word))
    .filter((word) =>
      /^\d/.test(word) ? /^\d{4,}$/.test(word) && !numbers.has(word) && !words.has(word) : !words.has(word),
    )
    .map(
      (word) =>
        `"${word}" in \`${span.text.slice(0, 80)}\` is no word of the program (test/docs/check/outside.ts lists those of others)`,
    );
}

const PATH = /(?<![\w./:@-])(?:src|drivers|deploy|test|docs)\/[\w./*<>…{}-]*/g;

/** A path of the repository; names in capitals, `*` and `…` stand for any. */
function pathFaults({ paths }: Known, span: Span): readonly string[] {
  return [...span.text.matchAll(PATH)].flatMap(({ 0: written, index }) => {
    const path = written.replace(/[.,:]$/, '').replace(/\/$/, '');
    const goesOn = /^[–…\p{Script=Han}]/u.test(span.text.slice(index + written.length));
    const pattern = path.replaceAll(/[.+()]/g, '\\$&').replaceAll(/<\w+>|\{\w+\}|\*\*?|…|\b[A-Z]{3,}\b/g, '[^/]+');
    const any = new RegExp(`^${pattern}${goesOn ? '' : '$'}`);
    // `src/*/README.md` has the files, `drivers/NAME/codec.ts` may have none yet.
    const isNew = /[A-Z]{3,}/.test(path.replace(/README.*|CHANGELOG.*|PLAN.*/, '')) || goesOn;
    const isThere = paths.has(path) || [...paths].some((each) => any.test(each));
    return isThere || (isNew && [...paths].some((each) => each.startsWith(path.replace(/(<|\{|\*|…|[A-Z]{3,}).*/, ''))))
      ? []
      : [`there is no file ${path}`];
  });
}

function codeFaults({ errorCodes }: Known, span: Span): readonly string[] {
  return (span.text.match(/^[A-Z]\w+Code\.\w+$/g) ?? [])
    .filter((code) => !errorCodes.has(code))
    .map((code) => `there is no error ${code}`);
}

function routeFaults({ routes }: Known, span: Span): readonly string[] {
  const [, method, path = ''] = /^(GET|POST|PUT|PATCH|DELETE) (\/[\w/.{}:…-]*)/.exec(span.text) ?? [];
  const asked =
    method === undefined ? (/^(\/(?:api\/v1|healthz|readyz|metrics)[\w/.{}:-]*)$/.exec(span.text)?.[1] ?? '') : path;
  if (
    !asked.startsWith('/') ||
    asked.includes('…') ||
    /^\/api\/v1\/?$|^\/(api\/v1\/cameras|ISAPI|cgi-bin)\/|^\/lanewarden$/.test(asked)
  )
    return [];
  const fits = routes.some(
    (route) => (method === undefined || route.method === method) && patternOf(route.path).test(asked),
  );
  return fits ? [] : [`there is no ${method ?? 'route'} ${asked}`];
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** The door of a room says which of its files to begin with. */
function doorFaults(page: string, { paths }: Known, span: Span): readonly string[] {
  const room = /^(src\/\w+\/)README\.md$/.exec(page)?.[1];
  if (room === undefined) return [];
  const path = /^(?!(?:src|drivers|test|docs|deploy)\/)[\w/-]+\.\w+$/.exec(span.text)?.[0];
  const isThere = path === undefined || [...paths].some((each) => each.startsWith(room) && each.endsWith(`/${path}`));
  return isThere || OUTSIDE_ROOMS.includes(path) ? [] : [`there is no ${path} in ${room}`];
}

/** A file of the sources by its end: `codec.ts`, `zh/cameras.md`. */
function fileFaults({ paths }: Known, span: Span): readonly string[] {
  const files = span.text.match(/(?<![\w/.<>@*-])[a-z][a-z\w/-]*\.(?:test\.ts|long\.test\.ts|ts|tsx|mjs|py)$/g) ?? [];
  return files
    .filter((path) => !/[A-Z]{3,}/.test(path) && ![...paths].some((each) => each.endsWith(`/${path}`) || each === path))
    .map((path) => `there is no file ${path}`);
}

export function wordFaultsOf(page: string, sections: readonly Section[], all: Known): readonly Fault[] {
  return sections.flatMap((section) =>
    spansOf(section).flatMap((span) =>
      [
        ...wordFaults(all, span),
        ...pathFaults(all, span),
        ...codeFaults(all, span),
        ...routeFaults(all, span),
        ...doorFaults(page, all, span),
        ...fileFaults(all, span),
      ].map((what) => ({ page, line: span.line, what })),
    ),
  );
}

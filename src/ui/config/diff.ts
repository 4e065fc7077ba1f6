/** Which lines differ between two texts. Pure. */

export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Above this many cells the middle counts as removed and added as a whole: a phone would take too long. */
const MOST_CELLS = 4_000_000;

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  return [
    ...same(a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

/** By the longest common subsequence. */
function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const gone = (text: string): DiffLine => ({ kind: 'gone', text });
  const fresh = (text: string): DiffLine => ({ kind: 'new', text });
  if (a.length * b.length > MOST_CELLS) return [...a.map(gone), ...b.map(fresh)];
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  const cell = (i: number, j: number): number => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] = a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && left === right) {
      out.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || cell(i + 1, j) >= cell(i, j + 1))) {
      out.push(gone(left));
      i += 1;
    } else {
      out.push(fresh(right ?? ''));
      j += 1;
    }
  }
  return out;
}

export interface DiffPart {
  readonly lines: readonly DiffLine[];
  /** Unchanged lines left out before it. */
  readonly skipped: number;
}

/** Only what changed, with `around` lines on each side. */
export function changedParts(lines: readonly DiffLine[], around = 3): readonly DiffPart[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ kind }) => kind !== 'same'),
  );
  const parts: { lines: DiffLine[]; skipped: number }[] = [];
  let skipped = 0;
  let open: { lines: DiffLine[]; skipped: number } | undefined;
  lines.forEach((line, at) => {
    if (!near[at]) {
      skipped += 1;
      open = undefined;
      return;
    }
    if (open === undefined) {
      open = { lines: [], skipped };
      skipped = 0;
      parts.push(open);
    }
    open.lines.push(line);
  });
  return parts;
}

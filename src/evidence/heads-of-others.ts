/**
 * The newest heads of other boxes, kept in a file of the state folder: what this box remembers when one of them comes back with less, or with another
 * chain. Nothing that is older than what is known takes its place, nor what another key says in the box's name; a full memory keeps whom it knows.
 */
import { readText, writeDurably } from '../small-file.ts';
import { isHead, type ReturnedHead } from './park-message.ts';

export const OTHERS_MAX = 64;
const HEADS_MAX = 5;
/** By all keys but the first that was heard under a name: of another card, or of whoever else has the park's secret. */
const FOREIGN_MAX = 2;
/** Between clocks. What lies further in the future tells nothing of what is newer. */
const DAY_MS = 86_400_000;
/** A head is signed each hour, and at each start. Of those in between the newest is enough: however fast they come, none pushes out those of hours. */
const HOUR_MS = 50 * 60_000;
/** A box without a new head for so long makes room, if there is no other. */
const FORGOTTEN_AFTER_MS = 90 * 86_400_000;

interface Remembered {
  readonly head: ReturnedHead;
  /** By this box's clock. */
  readonly sinceWallMs: number;
}

interface OtherBox {
  readonly name: string;
  /** The newest first, those by the first key behind those by others. */
  heads: readonly Remembered[];
}

export class HeadsOfOthers {
  /** undefined: what stands there could not be read, and is not written over. */
  readonly #file: string | undefined;
  readonly #boxes: Map<string, OtherBox>;
  #isChanged = false;

  private constructor(file: string | undefined, boxes: readonly OtherBox[]) {
    this.#file = file;
    this.#boxes = new Map(boxes.map((each) => [each.name, each]));
  }

  /** One that is no such file begins anew; where the disk does not answer, this run remembers in memory only. */
  static async open(file: string): Promise<HeadsOfOthers> {
    const text = await readText(file).catch(() => null);
    return text === null ? new HeadsOfOthers(undefined, []) : new HeadsOfOthers(file, boxesIn(text ?? '[]'));
  }

  get size(): number {
    return this.#boxes.size;
  }

  remembers(name: string, { signature }: ReturnedHead): boolean {
    return this.#headsOf(name).some(({ head }) => head.signature === signature);
  }

  /** Nothing else is worth looking at its signature. Of one chain and key the rows tell, whatever the clocks were: an older image that goes on has fewer. */
  isNews(name: string, head: ReturnedHead, wallMs: number): boolean {
    const rivals = this.#rivalsOf(name, head).map((each) => each.head);
    const same = rivals.filter(({ chain, key }) => chain === head.chain && key === head.key);
    if (same.length > 0) return same.every(({ last }) => head.last > last);
    const isOfNow = (each: ReturnedHead): boolean => each.wallMs <= wallMs + DAY_MS;
    const [newest] = rivals;
    return newest === undefined || (isOfNow(head) && (head.wallMs > newest.wallMs || !isOfNow(newest)));
  }

  /** News, with a signature that is right. false: there is no room for another box. */
  keep(name: string, head: ReturnedHead, wallMs: number): boolean {
    const box = this.#boxes.get(name) ?? this.#newBox(name, wallMs);
    if (box === undefined) return false;
    const rivals = this.#rivalsOf(name, head);
    const rest = box.heads.filter((each) => !rivals.includes(each));
    const isFirst = (box.heads.at(-1)?.head ?? head).key === head.key;
    const most = isFirst ? HEADS_MAX : FOREIGN_MAX;
    const heads = [{ head, sinceWallMs: wallMs }, ...rivals];
    const [, second] = heads;
    const stood = second === undefined ? 0 : wallMs - second.sinceWallMs;
    // The clock of this box may have been set meanwhile.
    const isBetween = heads.length > most && stood >= 0 && stood < HOUR_MS;
    const kept = isBetween ? heads.filter((_, at) => at !== 1) : heads.slice(0, most);
    box.heads = isFirst ? [...rest, ...kept] : [...kept, ...rest];
    this.#isChanged = true;
    return true;
  }

  /**
   * Of a box by its name, and of whatever has signed with its key or gone on with its chain: without this head. First those by its key, which nobody else
   * makes, then those under its name, the newest first.
   */
  besides(name: string, { chain, key, signature }: ReturnedHead): readonly ReturnedHead[] {
    return [...this.#boxes.values()]
      .flatMap((box) => box.heads.map(({ head }) => ({ head, isNamed: box.name === name })))
      .filter(({ head }) => head.signature !== signature)
      .filter(({ head, isNamed }) => isNamed || head.chain === chain || head.key === key)
      .toSorted(
        (a, b) => Number(b.head.key === key) - Number(a.head.key === key) || Number(b.isNamed) - Number(a.isNamed),
      )
      .map(({ head }) => head);
  }

  /** A disk that refuses reports that itself. */
  async write(): Promise<void> {
    if (!this.#isChanged || this.#file === undefined) return;
    this.#isChanged = false;
    await writeDurably(this.#file, `${JSON.stringify([...this.#boxes.values()])}\n`).catch(() => {
      this.#isChanged = true;
    });
  }

  #headsOf(name: string): readonly Remembered[] {
    return this.#boxes.get(name)?.heads ?? [];
  }

  /** Of those remembered, the ones that it may push out. */
  #rivalsOf(name: string, { key }: ReturnedHead): readonly Remembered[] {
    const heads = this.#headsOf(name);
    const first = heads.at(-1)?.head.key;
    return heads.filter(({ head }) => (head.key === first) === (key === first));
  }

  #newBox(name: string, wallMs: number): OtherBox | undefined {
    if (this.#boxes.size >= OTHERS_MAX) {
      const isForgotten = ({ heads }: OtherBox): boolean =>
        heads.every(({ sinceWallMs }) => wallMs - sinceWallMs > FORGOTTEN_AFTER_MS);
      const forgotten = [...this.#boxes.values()].find(isForgotten);
      if (forgotten === undefined) return undefined;
      this.#boxes.delete(forgotten.name);
    }
    const box: OtherBox = { name, heads: [] };
    this.#boxes.set(name, box);
    return box;
  }
}

function boxesIn(text: string): readonly OtherBox[] {
  try {
    return (JSON.parse(text) as readonly OtherBox[]).filter(
      ({ name, heads }) => typeof name === 'string' && heads.every((each) => isHead(each.head)),
    );
  } catch {
    return [];
  }
}

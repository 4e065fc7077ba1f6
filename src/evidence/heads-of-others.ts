/**
 * The newest heads of other boxes, kept in a file of the state folder: what this box remembers when one of them comes back with less, or with another
 * chain. Nothing that is older than what is known takes its place, and a full memory keeps whom it knows.
 */
import { readText, writeDurably } from '../page/durable-files.ts';
import type { ReturnedHead } from './park-message.ts';

export const OTHERS_MAX = 64;
const HEADS_MAX = 5;
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
  /** The newest first. */
  heads: readonly Remembered[];
}

export class HeadsOfOthers {
  readonly #file: string;
  readonly #boxes: Map<string, OtherBox>;
  #isChanged = false;

  private constructor(file: string, boxes: readonly OtherBox[]) {
    this.#file = file;
    this.#boxes = new Map(boxes.map((each) => [each.name, each]));
  }

  /** One that cannot be read begins anew. */
  static async open(file: string): Promise<HeadsOfOthers> {
    try {
      return new HeadsOfOthers(file, JSON.parse((await readText(file)) ?? '[]') as readonly OtherBox[]);
    } catch {
      return new HeadsOfOthers(file, []);
    }
  }

  isNewest(name: string, { signature }: ReturnedHead): boolean {
    return this.#boxes.get(name)?.heads[0]?.head.signature === signature;
  }

  /** Nothing else is worth looking at its signature. */
  isNews(name: string, head: ReturnedHead): boolean {
    const newest = this.#boxes.get(name)?.heads[0]?.head;
    return newest === undefined || isNewer(head, newest);
  }

  /** News, with a signature that is right. false: there is no room for another box. */
  keep(name: string, head: ReturnedHead, wallMs: number): boolean {
    const box = this.#boxes.get(name) ?? this.#newBox(name, wallMs);
    if (box === undefined) return false;
    const heads = [{ head, sinceWallMs: wallMs }, ...box.heads];
    const [, second] = heads;
    const stood = second === undefined ? 0 : wallMs - second.sinceWallMs;
    // The clock of this box may have been set meanwhile.
    const isBetween = heads.length > HEADS_MAX && stood >= 0 && stood < HOUR_MS;
    box.heads = isBetween ? heads.filter((_, at) => at !== 1) : heads.slice(0, HEADS_MAX);
    this.#isChanged = true;
    return true;
  }

  /** Of a box by its name, and of whatever has signed with its key or gone on with its chain: without this head, the newest first. */
  besides(name: string, { chain, key, signature }: ReturnedHead): readonly ReturnedHead[] {
    return [...this.#boxes.values()].flatMap((box) =>
      box.heads
        .map(({ head }) => head)
        .filter((head) => head.signature !== signature)
        .filter((head) => box.name === name || head.chain === chain || head.key === key),
    );
  }

  /** A disk that refuses reports that itself. */
  async write(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    await writeDurably(this.#file, `${JSON.stringify([...this.#boxes.values()])}\n`).catch(() => {
      this.#isChanged = true;
    });
  }

  #newBox(name: string, wallMs: number): OtherBox | undefined {
    if (this.#boxes.size >= OTHERS_MAX) {
      const isForgotten = ({ heads: [newest] }: OtherBox): boolean =>
        newest === undefined || wallMs - newest.sinceWallMs > FORGOTTEN_AFTER_MS;
      const forgotten = [...this.#boxes.values()].find(isForgotten);
      if (forgotten === undefined) return undefined;
      this.#boxes.delete(forgotten.name);
    }
    const box: OtherBox = { name, heads: [] };
    this.#boxes.set(name, box);
    return box;
  }
}

/** An older image that goes on has fewer rows and a later time; a clock that was set back, more rows. What is said again has neither. */
const isNewer = (head: ReturnedHead, than: ReturnedHead): boolean =>
  head.wallMs > than.wallMs || (head.chain === than.chain && head.key === than.key && head.last > than.last);

/** The short list that the reason of a mark is picked from: the office edits it, in a small durable file. */
import { join } from 'node:path';
import { readText, writeDurably } from '../small-file.ts';
import { REASONS_AT_FIRST } from '../text/page/ui-review.ts';
import { fileContent } from './file-content.ts';

const FILE = 'review-reasons.json';
export const REASONS_MAX = 20;

export class ReviewReasons {
  readonly #file: string;
  #reasons: readonly string[] = REASONS_AT_FIRST;

  private constructor(folder: string) {
    this.#file = join(folder, FILE);
  }

  static async open(folder: string): Promise<ReviewReasons> {
    const reasons = new ReviewReasons(folder);
    reasons.#reasons = parse(await readText(reasons.#file)) ?? REASONS_AT_FIRST;
    return reasons;
  }

  list(): readonly string[] {
    return this.#reasons;
  }

  async set(reasons: readonly string[]): Promise<void> {
    await writeDurably(this.#file, `${JSON.stringify({ version: 1, reasons }, undefined, 1)}\n`);
    this.#reasons = reasons;
  }
}

function parse(text: string | undefined): readonly string[] | undefined {
  const { reasons } = fileContent<{ reasons?: unknown }>(text) ?? {};
  return Array.isArray(reasons) && reasons.every((each) => typeof each === 'string') ? reasons : undefined;
}

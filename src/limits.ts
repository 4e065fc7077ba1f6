/** How much a text from outside may hold, counted before it is parsed since the lanes wait meanwhile, and how often something may happen. */
import type { Clock } from './clock.ts';

/** In JSON: list items, members, lists and objects. Five hundred messages of thirty fields are 16,000; these take some 20 ms here. */
export const VALUES_MAX = 20_000;
/** Lists and objects within one another. No message needs a tenth of it. */
export const DEPTH_MAX = 100;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN, CLOSED] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])];

export function jsonStructure(text: string): { readonly values: number; readonly depth: number } {
  let [values, depth, deepest, isText] = [0, 0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isText && code === BACKSLASH) at += 1;
    else if (code === QUOTE) isText = !isText;
    else if (isText) continue;
    else if (code === COMMA) values += 1;
    else if (CLOSED.has(code)) depth -= 1;
    else if (OPEN.has(code)) {
      values += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
    }
  }
  return { values, depth: deepest };
}

/** An element takes four times as long as a value of JSON, an attribute with its space three times. */
const [ELEMENT, ATTRIBUTE] = [4, 2];
const [LESS, GREATER, SLASH, EQUALS, AND, SPACE] = [0x3c, 0x3e, 0x2f, 0x3d, 0x26, 0x20];

/** Of XML, in values of JSON. */
export function xmlValues(text: string): number {
  let [values, isTag, wasSpace] = [0, false, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isSpace = code <= SPACE;
    if (code === LESS) {
      isTag = true;
      if (text.charCodeAt(at + 1) !== SLASH) values += ELEMENT;
    } else if (code === GREATER) isTag = false;
    else if (code === AND) values += 1;
    else if (isTag && code === EQUALS) values += ATTRIBUTE;
    else if (isTag && isSpace && !wasSpace) values += 1;
    wasSpace = isSpace;
  }
  return values;
}

/** A burst, then a rate per second, on the monotonic clock. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #atOnce: number;
  #held: number;
  #atMs: number;

  constructor(clock: Clock, perSecond: number, atOnce: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
    this.#held = atOnce;
    this.#atMs = clock.nowMs();
  }

  /** Tokens taken and not refilled yet. */
  get missing(): number {
    this.#fill();
    return this.#atOnce - this.#held;
  }

  /** Milliseconds until there are `count`; 0: now. */
  waitMs(count = 1): number {
    this.#fill();
    return Math.max(0, ((count - this.#held) / this.#perSecond) * 1_000);
  }

  /** Takes `count` tokens and returns 0, or takes none and returns the seconds until they are there. */
  take(count: number): { readonly waitSeconds: number } {
    const waitMs = this.waitMs(count);
    if (waitMs > 0) return { waitSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
    this.#held -= count;
    return { waitSeconds: 0 };
  }

  /** Returns a token. */
  giveBack(): void {
    this.#fill();
    this.#held = Math.min(this.#atOnce, this.#held + 1);
  }

  #fill(): void {
    const nowMs = this.#clock.nowMs();
    this.#held = Math.min(this.#atOnce, this.#held + ((nowMs - this.#atMs) / 1_000) * this.#perSecond);
    this.#atMs = nowMs;
  }
}

/** A bucket per name, limited in number: the least recently used goes first. */
export class TokenBuckets {
  readonly #make: () => TokenBucket;
  readonly #most: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(most: number, make: () => TokenBucket) {
    this.#most = most;
    this.#make = make;
  }

  of(name: string): TokenBucket {
    const bucket = this.#buckets.get(name) ?? this.#make();
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#most && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}

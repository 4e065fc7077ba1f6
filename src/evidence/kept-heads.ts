/**
 * Heads that somebody outside has kept, whatever text they stand in: messages over MQTT and webhooks, the log of a server that is pinged, what the page
 * gives for copying, and the 12 digits of the day's message or sheet behind their date. Pure.
 */
import type { ChainHead, KeptHead } from '../store/chain/chain.ts';
import { parsed } from '../store/thread/json.ts';

/** Innermost objects of JSON, however they are nested and wrapped: a head has no object in it. */
const OBJECT = /\{[^{}]*\}/g;
/** Chain, row and head. A mail may have wrapped it. */
const COPIED = /\b([0-9a-f]{32})\s+(\d+)\s+([0-9a-f]{64})\b/gi;
/** The last 12 digits behind a date in one line. Not a part of a longer word, such as a UUID. */
const TYPED = /(?<!\d)(\d{4}-\d\d-\d\d)(?!\d).*(?<![\w-])([0-9a-f]{12})(?![\w-])/gi;

export const objectsIn = (text: string): readonly string[] => text.match(OBJECT) ?? [];

export function keptHeads(text: string): readonly KeptHead[] {
  const published = objectsIn(text).flatMap((json) => headIn(json) ?? []);
  const copied = [...text.matchAll(COPIED)].map(([, chain = '', last, head = '']) => ({
    ...{ chain: chain.toLowerCase(), last: Number(last), head: head.toLowerCase() },
  }));
  // Digits in a message are no heads.
  const plain = text.replaceAll(OBJECT, '{').replaceAll(COPIED, '').split('\n');
  const typed = plain
    .filter((line) => !line.includes('{'))
    .flatMap((line) => [...line.matchAll(TYPED)])
    .map(([, day = '', digits = '']) => ({ day, digits: digits.toLowerCase() }));
  return [...published, ...copied, ...typed];
}

function headIn(json: string): ChainHead | undefined {
  const { chain, last, head } = parsed<Readonly<Record<string, unknown>>>(json) ?? {};
  const isHead = typeof chain === 'string' && typeof head === 'string' && Number.isSafeInteger(last);
  return isHead ? { chain, last: last as number, head } : undefined;
}

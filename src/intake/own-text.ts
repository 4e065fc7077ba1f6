/**
 * Texts that are kept for days, each alone. One that was cut out of a message keeps the whole message alive, one that was put together keeps its
 * parts, and a Chinese plate makes every letter beside it two bytes: a copy of its UTF-8, a byte a character, does none of that.
 */

/** Equal texts have equal copies. */
export const ownText = (text: string): string => Buffer.from(text).toString('latin1');

export const textOf = (own: string): string => Buffer.from(own, 'latin1').toString();

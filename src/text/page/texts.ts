/** The shape of a table of the page's texts: what lacks a language does not compile. */
import type { Text } from '../text.ts';

// biome-ignore lint/suspicious/noExplicitAny: a text may take whatever it words.
export type Texts = Readonly<Record<string, Text | ((...values: any[]) => Text)>>;

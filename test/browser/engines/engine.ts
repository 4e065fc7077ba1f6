/**
 * As much of a browser as a walk needs, so that one walk runs in three engines: a page that shows an address, evaluates, is pressed at a point and
 * typed at. What is to be pressed is found by `person.ts`, in the page, the same in each.
 */
import { openChromium } from './chromium.ts';
import { openFirefox } from './firefox.ts';
import { openWebKit } from './webkit.ts';

export const ENGINES = ['chromium', 'webkit', 'firefox'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Of the view, in CSS pixels. */
export interface ViewSize {
  readonly width: number;
  readonly height: number;
}

export interface EnginePage {
  goto(url: string): Promise<void>;
  /** The value of an expression, as JSON carries it; a promise is awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** The pointer goes down and up at a point of the viewport. */
  press(x: number, y: number): Promise<void>;
  /** Into whatever has the focus. */
  type(text: string): Promise<void>;
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: EngineName;
  /** As of another person with another device. */
  open(size: ViewSize): Promise<EnginePage>;
  end(): Promise<void>;
}

const OPENERS: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  chromium: openChromium,
  webkit: openWebKit,
  firefox: openFirefox,
};

export const openEngine = (name: EngineName): Promise<Engine> => OPENERS[name]();

/** What a person says before the box asks an address that may move something: of a picture, of a destination. Apart, for the first load. */
import type { Texts } from './texts.ts';

export const confirmText = {
  mayMove: {
    zh: '先在总览页让车道进入维护。这个请求可能会让什么东西动起来，闸杆下有人或车吗？',
    en: 'First put the lane into maintenance on the overview. This request may move something: is the arm clear?',
  },
  armClear: {
    zh: '我在车道旁，闸杆下没有人和车',
    en: 'I am at the lane, and the arm is clear',
  },
} satisfies Texts;

/** From a new box to its first release by phone, in Chromium and both languages; every tap and character is counted. */
import { walkTest } from './engines/walk-test.ts';

walkTest('chromium', ['zh', 'en']);

/** From a new box to its first release in Firefox. */
import { walkTest } from './engines/walk-test.ts';

walkTest('firefox', ['en']);

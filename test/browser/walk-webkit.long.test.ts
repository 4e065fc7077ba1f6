/** From a new box to its first release in WebKit, the engine of iPhones. */
import { walkTest } from './engines/walk-test.ts';

walkTest('webkit', ['zh']);

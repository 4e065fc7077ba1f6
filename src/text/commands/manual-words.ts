/** Words of every page of the manual: exit codes, environment, files, headings. */

import * as table from './manual-words.made.ts';

export { environmentText, exitText, filesText } from './manual-words.made.ts';

export const manualText = { ...table.manualText, docs: '/usr/share/doc/lanewarden/docs' };

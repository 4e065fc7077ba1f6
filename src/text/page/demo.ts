/** Faults of the demonstration by name. The box sends the text; the page only shows it. */
import { plain, type Text } from '../text.ts';
import { DEMO_FAULTS } from './demo.made.ts';

/** A fault that is not in the table shows as its name. */
export const demoFaultText = (name: string): Text => DEMO_FAULTS[name] ?? plain(name);

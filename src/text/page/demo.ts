/** Faults of the demonstration by name. The box sends the text; the page only shows it. */
import type { Text } from '../text.ts';
import { DEMO_FAULTS } from './demo.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** A fault that is not in the table shows as its name. */
export const demoFaultText = (name: string): Text => DEMO_FAULTS[name] ?? both(name, name);

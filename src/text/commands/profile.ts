/** Texts of `lanewarden profile`. Both languages; Chinese first. */
import { joined, type Text } from '../text.ts';
import * as table from './profile.made.ts';

export const profileCommandText = {
  ...table.profileCommandText,
  platformNeeds: (values: readonly string[], secrets: readonly string[]): Text =>
    table.profileCommandText.platformNeeds(values.join(' '), secrets.join(' ')),
  points: (points: readonly string[]): Text => table.profileCommandText.points(points.join(' ')),
  pollTakes: (speeds: readonly { readonly form: string; readonly ms: number }[]): Text => {
    const each = speeds.map(({ form, ms }) => table.profileCommandText.speed(form, ms.toFixed(1)));
    return table.profileCommandText.pollTakes(joined(each, '，', ', '));
  },
};

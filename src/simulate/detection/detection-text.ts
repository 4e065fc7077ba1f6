/** The goals table for a person, in his language. It counts nothing. */
import { detectionText } from '../../text/commands/simulate.made.ts';
import type { Language } from '../../text/text.ts';
import { padded } from '../demo/demo-line.ts';
import type { Figures, Goal } from './detection-table.ts';
import { CLASSES, type Finding } from './verdict-classes.ts';

const FINDINGS: readonly Finding[] = ['reported', 'review', 'misnamed', 'nothing'];
const NAME_COLUMNS = 56;
const CELL_COLUMNS = 12;

const percent = (share: number, digits = 2): string => `${Number((share * 100).toFixed(digits))} %`;

export function figuresText(name: string, figures: Figures, language: Language): string {
  const { classes, phantoms, vehicles, hours } = figures;
  const cell = (text: string): string => padded(text, CELL_COLUMNS);
  const { followRead, followUnread } = classes;
  const near = followRead.count + followUnread.count;
  return [
    detectionText.worldHead(name, vehicles, hours.toFixed(1))[language],
    `  ${padded('', NAME_COLUMNS)}${(['count', ...FINDINGS] as const).map((column) => cell(detectionText.columns[column][language])).join('')}`.trimEnd(),
    ...CLASSES.filter((one) => classes[one].count > 0).map((one) => {
      const row = classes[one];
      const cells = FINDINGS.map((finding) => cell(row[finding] === 0 ? '·' : percent(row[finding] / row.count)));
      return `  ${padded(detectionText.classes[one][language], NAME_COLUMNS)}${cell(`${row.count}`)}${cells.join('')}`.trimEnd();
    }),
    `  ${detectionText.phantoms(phantoms.reported, phantoms.review)[language]}`,
    ...(near === 0 ? [] : [`  ${detectionText.readShare(percent(followRead.count / near, 0))[language]}`]),
    '',
  ].join('\n');
}

export function goalsText(goals: readonly Goal[], { scores, rows, unknowable }: Figures, language: Language): string {
  const mark = (met: boolean | undefined): string => (met === undefined ? '–' : met ? '✓' : '✗');
  return [
    ...goals
      .filter(({ count }) => count > 0)
      .map(({ name, share, goal, bound, count, met }) => {
        const [is, aim] = [percent(share, 3), percent(goal)];
        const line = detectionText.goal(detectionText.goals[name], is, aim, count, bound === 'most', met === undefined);
        return `${mark(met)} ${line[language]}`;
      }),
    '',
    ...(scores.every(({ count }) => count === 0)
      ? []
      : [
          detectionText.scores[language],
          ...scores.map(
            ({ from, count, wrong }) =>
              `  ≥ ${String(from).padEnd(4)}${String(count).padStart(8)}${String(wrong).padStart(8)}`,
          ),
          '',
          detectionText.rows[language],
          ...Object.entries(rows)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([row, { count, wrong }]) => {
              const right = Math.round((100 * (count - wrong)) / count);
              return `  ${row.padEnd(NAME_COLUMNS)}${[count, wrong, right].map((cell) => `${cell}`.padStart(8)).join('')}`;
            }),
          detectionText.unknowable(unknowable.count, unknowable.sure)[language],
          '',
        ]),
  ].join('\n');
}

/** A stretch of a run as a scenario file, so that what went wrong can be looked at and kept. It judges nothing. */
import type { LaneEvent, Role } from '../lane/types.ts';
import type { Judged } from './detection-report.ts';
import type { DetectionOptions, DetectionRun } from './detection-run.ts';

/** What came before belongs to it: the car ahead, the arm that was up. */
const BEFORE_MS = 25_000;
const AFTER_MS = 12_000;

export function storyOf(judged: Judged, run: DetectionRun, options: Pick<DetectionOptions, 'points' | 'seed'>): string {
  const { truth, finding, release } = judged;
  const middleMs = judged.expected?.atMs ?? release?.releaseAtMs ?? truth.startedAtMs;
  const fromMs = Math.round(middleMs - BEFORE_MS);
  const toMs = (truth.finishedAtMs ?? middleMs) + AFTER_MS;
  const seconds = (atMs: number): string => ((atMs - fromMs) / 1000).toFixed(3);
  const initial = new Set<Role>();
  for (const event of run.journal) {
    if (event.atMs >= fromMs) break;
    if (event.kind === 'edge' && event.on) initial.add(event.role);
    if (event.kind === 'edge' && !event.on) initial.delete(event.role);
  }
  const within = run.journal.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const expected = run.truths.flatMap(({ releases }) => releases.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs));
  return [
    `name: ${judged.class} ${truth.id} of seed ${options.seed}, found as ${finding}`,
    `lane:\n  direction: exit\n  points: [${options.points.join(', ')}]`,
    `initial: [${[...initial].join(', ')}]`,
    'timeline:',
    ...[...within]
      .sort((a, b) => a.atMs - b.atMs)
      .flatMap((event) => {
        const told = momentOf(event);
        return told === undefined ? [] : [`  - {t: ${seconds(event.atMs)}, ${told}}`];
      }),
    ...(expected.length === 0 ? ['expect: []'] : ['expect:']),
    ...expected.map(({ method, plate, atMs }) => `  - {method: ${method}, plate: ${plate}} # at ${seconds(atMs)}`),
    '',
  ].join('\n');
}

function momentOf(event: LaneEvent): string | undefined {
  if (event.kind === 'edge') return `${event.role}: ${event.on ? 'on' : 'off'}`;
  if (event.kind === 'plate') return `plate: {text: ${event.plate.text}, confidence: ${event.plate.confidence}}`;
  if (event.kind !== 'grant') return undefined;
  const { id, plate, kind } = event.grant;
  return `grant: {id: ${id}, ${plate === undefined ? '' : `plate: ${plate}, `}kind: ${kind}}`;
}

/** A stretch of a run as a scenario file, so that what went wrong can be looked at and kept; above it, as comments, what was true and what was said. It judges nothing. */
import type { LaneEvent, Role } from '../../lane/types.ts';
import type { Given } from './detection-box.ts';
import type { Judged } from './verdict-classes.ts';
import type { LaneOutcome } from './world-run.ts';

/** What came before belongs to it: the car ahead, the arm that was up. */
const BEFORE_MS = 25_000;
const AFTER_MS = 12_000;

export interface Case {
  readonly name: string;
  readonly item?: Judged['match']['item'];
  readonly given?: Given;
}

export function storyOf({ name, item, given }: Case, { box, settings, park, lane, cameras }: LaneOutcome): string {
  const times = [...(item?.atMs ?? []), ...(given === undefined ? [] : [given.release.releaseAtMs])];
  const middleMs = given?.release.releaseAtMs ?? Math.min(...times);
  const fromMs = Math.round(Math.min(...times) - BEFORE_MS);
  const toMs = Math.max(...times) + AFTER_MS;
  const seconds = (atMs: number | undefined): string =>
    atMs === undefined ? '?' : ((atMs - fromMs) / 1000).toFixed(3);
  const initial = new Set<Role>();
  for (const event of box.journal) {
    if (event.atMs >= fromMs) break;
    if (event.kind === 'edge' && event.on) initial.add(event.role);
    if (event.kind === 'edge' && !event.on) initial.delete(event.role);
  }
  const within = box.journal.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const about = (fromTime: number | undefined, untilTime: number | undefined): boolean =>
    (fromTime ?? 0) <= toMs && (untilTime ?? middleMs) >= fromMs;
  const present = park.vehicles.filter((one) => one.lane === lane && about(one.arrivedMs, one.goneMs));
  const openings = park.openings.filter((one) => one.lane === lane && about(one.startMs, one.endMs));
  const said = given?.release;
  return [
    ...present.map(({ arrivedMs, onAMs, onBMs, offBMs, backMs, goneMs, reads, ...vehicle }) => {
      const own = vehicle.id === item?.vehicle?.id ? '>' : ' ';
      const read = reads
        .filter(({ camera }) => camera <= cameras)
        .map(({ text, confidence, atMs }) => `${text} ${confidence} @${seconds(atMs)}`)
        .join(', ');
      const path = `comes ${seconds(arrivedMs)} A ${seconds(onAMs)} B ${seconds(onBMs)}…${seconds(offBMs)} back ${seconds(backMs)} gone ${seconds(goneMs)}`;
      return `# ${own} ${JSON.stringify(vehicle)} ${path} reads [${read}]`;
    }),
    ...openings.map(
      ({ startMs, endMs, ...opening }) => `#   ${JSON.stringify(opening)} ${seconds(startMs)}…${seconds(endMs)}`,
    ),
    ...(said === undefined
      ? ['# said: nothing']
      : [
          `# said at ${seconds(given?.atMs)}: ${said.verdict} ${said.method} ${said.desc} of ${seconds(said.releaseAtMs)}, ${said.plate?.text ?? 'no plate'}, ${said.confidence}${said.degraded ? ', degraded' : ''}${said.reported ? '' : ', for review'}`,
          ...said.facts.map(({ kind, atMs, values }) =>
            `#   ${kind} ${seconds(atMs)} ${values === undefined ? '' : JSON.stringify(values)}`.trimEnd(),
          ),
        ]),
    `name: ${name}`,
    `lane:\n  direction: ${settings.direction}\n  points: [${settings.roles.join(', ')}]`,
    `initial: [${[...initial].join(', ')}]`,
    'timeline:',
    ...[...within]
      .sort((a, b) => a.atMs - b.atMs)
      .flatMap((event) => {
        const told = momentOf(event);
        return told === undefined ? [] : [`  - {t: ${seconds(event.atMs)}, ${told}}`];
      }),
    'expect: []',
    '',
  ].join('\n');
}

function momentOf(event: LaneEvent): string | undefined {
  if (event.kind === 'edge') return `${event.role}: ${event.on ? 'on' : 'off'}`;
  if (event.kind === 'plate') return `plate: {text: ${event.plate.text}, confidence: ${event.plate.confidence}}`;
  if (event.kind === 'start') return `restart: {blind: ${event.blindMs / 1000}s, powerCut: ${event.powerCut}}`;
  if (event.kind !== 'grant') return undefined;
  const { id, plate, kind, scope } = event.grant;
  const where = scope === 'park' ? ', scope: park' : '';
  return `grant: {id: ${id}, ${plate === undefined ? '' : `plate: ${plate}, `}kind: ${kind}${where}}`;
}

/** A lane as its driver sees it: arm, loops, and a vehicle where a loop feels one. Drawn from levels; it knows nothing of time or of the box. */
import type { LaneLive } from '../../page/api/api.ts';
import { armName, nameOfSignal } from '../../text/page/ui-lane.ts';
import { overviewPageText } from '../../text/page/ui-overview.ts';
import { say } from '../language.ts';

const FOOT_Y = 200;
const HORIZON_Y = 66;
/** The road narrows towards the horizon: how far its edge is from the middle at a height. */
const halfRoad = (y: number): number => 25 + ((y - HORIZON_Y) / (FOOT_Y - HORIZON_Y)) * 47;

function onRoad(nearY: number, farY: number, part: number): string {
  const near = halfRoad(nearY) * part;
  const far = halfRoad(farY) * part;
  return `${100 - near},${nearY} ${100 + near},${nearY} ${100 + far},${farY} ${100 - far},${farY}`;
}

interface LoopPlace {
  readonly role: string;
  readonly letter: string;
  readonly nearY: number;
  readonly farY: number;
}
const LOOPS: readonly LoopPlace[] = [
  { role: 'exit', letter: 'C', nearY: 98, farY: 84 },
  { role: 'barrier', letter: 'B', nearY: 142, farY: 120 },
  { role: 'approach', letter: 'A', nearY: 195, farY: 163 },
];

function Loop({ place, level }: { readonly place: LoopPlace; readonly level: boolean | null }) {
  const state = level === null ? 'unknown' : level ? 'on' : 'off';
  return (
    <g class={`loop ${state}`}>
      <polygon points={onRoad(place.nearY, place.farY, 0.74)} />
      <text x={100} y={(place.nearY + place.farY) / 2 + 5}>
        {level === null ? `${place.letter}?` : place.letter}
      </text>
    </g>
  );
}

/** A car from behind, its wheels on the near edge of a loop. */
function Car({ nearY }: { readonly nearY: number }) {
  return (
    <g class="car" transform={`translate(100 ${nearY - 3}) scale(${(halfRoad(nearY) / 72) * 1.02})`}>
      <path class="car-body" d="M-44 0v-26q0-9 8-12l7-24q2-7 10-7h38q8 0 10 7l7 24q8 3 8 12V0h-14v-7h-60v7z" />
      <path class="car-glass" d="M-24-42l5-18q1-3 5-3h28q4 0 5 3l5 18z" />
      <path class="car-lamp" d="M-40-26h13v7h-13zM27-26h13v7H27z" />
    </g>
  );
}

export function LaneDrawing({ lane }: { readonly lane: LaneLive }) {
  const { levels, arm } = lane;
  const wired = LOOPS.filter(({ role }) => role in levels);
  const occupied = wired.filter(({ role }) => levels[role] === true);
  const [first] = occupied.slice(-1);
  // One vehicle may lie on two loops; only the engine knows of more than one.
  const cars = lane.bodies > 1 ? occupied : first === undefined ? [] : [first];
  const on = Object.keys(levels).filter((role) => levels[role] === true);
  const label = say(overviewPageText.drawing(armName[arm], on.map(nameOfSignal)));
  return (
    <svg class="lane-drawing" viewBox="0 0 200 200" role="img" aria-label={label}>
      <polygon class="road" points={onRoad(FOOT_Y, HORIZON_Y, 1)} />
      <path
        class="road-edge"
        d={`M${100 - halfRoad(FOOT_Y)} ${FOOT_Y}L75 ${HORIZON_Y}M${100 + halfRoad(FOOT_Y)} ${FOOT_Y}L125 ${HORIZON_Y}`}
      />
      {wired.map((each) => (
        <Loop key={each.role} place={each} level={levels[each.role] ?? null} />
      ))}
      {cars
        .filter(({ role }) => role !== 'approach')
        .map(({ role, nearY }) => (
          <Car key={role} nearY={nearY} />
        ))}
      <g transform="translate(40 104)">
        <g class={`arm ${arm}`}>
          <rect x={0} y={-3.5} width={112} height={7} rx={3} class="arm-bar" />
          <path d="M14 0h12M40 0h12M66 0h12M92 0h12" class="arm-stripes" />
        </g>
      </g>
      <rect x={31} y={94} width={18} height={46} rx={3} class="post" />
      <Lamp x={40} y={116} level={levels.auto} />
      <Lamp x={40} y={124} level={levels.button} />
      <Lamp x={40} y={132} level={levels.remote} />
      {cars.some(({ role }) => role === 'approach') && <Car nearY={195} />}
    </svg>
  );
}

/** Relay, button, remote: small lamps on the post; the list beside the drawing names them. */
const Lamp = ({
  x,
  y,
  level,
}: {
  readonly x: number;
  readonly y: number;
  readonly level: boolean | null | undefined;
}) => (level === undefined ? null : <circle class={level ? 'lamp on' : 'lamp'} cx={x} cy={y} r={2.6} />);

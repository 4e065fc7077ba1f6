/** One camera of a lane: which plate it can see past what stands before it, and what it makes of it. It must not know who has paid. */
import type { PlateRead } from '../../lane/types.ts';
import { type Mover, moverRear } from '../movers.ts';
import { PROVINCES } from '../plates.ts';
import type { Random } from '../random.ts';
import type { CameraManner } from './site.ts';

export interface SightManner {
  /** A plate that no camera reads: dirty, bent, none. */
  readonly unreadable: number;
  /** Of the reads. */
  readonly misread: number;
  readonly wrongLength: number;
  /** Confidence under 0.8. */
  readonly poor: number;
}

/** What counts for a camera that says nothing of its confidence. */
const UNRATED = 0.75;
const PLATE_HEIGHT_M = 0.6;
/** Of the reads that tell the colour of the plate. */
const COLOUR_SHARE = 0.85;
/** Seen this long it is read. */
const READ_MS = [160, 500] as const;
/** After a rise of A a loop-triggered camera takes its pictures. */
const TRIGGER_MS = [80, 300] as const;
const TRIGGER_FOR_MS = 900;
const AGAIN_MS = [2_500, 8_000] as const;
const AGAIN_SHARE = 0.35;
/** Still seen when nothing is nearer than this behind the rear that leaves the picture. */
const PAST_M = 0.3;

export function canSee(camera: CameraManner, mover: Mover, ahead: Mover | undefined): boolean {
  const distanceM = camera.atM - mover.frontM;
  if (distanceM < camera.nearM || distanceM > camera.farM) return false;
  if (ahead === undefined) return true;
  const rearM = moverRear(ahead);
  if (rearM >= camera.atM - PAST_M) return true;
  const share = (rearM - mover.frontM) / distanceM;
  const overM = PLATE_HEIGHT_M + (camera.heightM - PLATE_HEIGHT_M) * share;
  const besideM = camera.besideM * share;
  return overM > ahead.rearHeightM || besideM > ahead.halfWidthM;
}

export interface Sight {
  /** A has risen. */
  trigger(nowMs: number): void;
  /** `movers`: those that come towards it, the foremost first. */
  look(movers: readonly Mover[], nowMs: number, stepMs: number): void;
}

export function createSight(
  camera: CameraManner,
  manner: SightManner,
  random: Random,
  tell: (mover: Mover, read: PlateRead, atMs: number) => void,
): Sight {
  /** By vehicle: how long it must still be seen; and when it may be read again. */
  const wanted = new Map<number, { leftMs: number; againMs: number; blind: boolean }>();
  let armedFrom = Number.POSITIVE_INFINITY;
  let armedUntil = Number.NEGATIVE_INFINITY;
  const read = (mover: Mover, nowMs: number): void => {
    const told = mover.plate && readOf(mover.plate, manner, random);
    if (told !== undefined) tell(mover, camera.rated ? told : { ...told, confidence: UNRATED }, nowMs);
  };
  const looked = (mover: Mover): { leftMs: number; againMs: number; blind: boolean } => {
    const known = wanted.get(mover.id);
    if (known !== undefined) return known;
    const blind = mover.plate === undefined || mover.legible < manner.unreadable;
    const fresh = { leftMs: random.between(...READ_MS), againMs: Number.POSITIVE_INFINITY, blind };
    wanted.set(mover.id, fresh);
    return fresh;
  };
  const forgetOldest = (): void => {
    if (wanted.size > 60) for (const id of [...wanted.keys()].slice(0, 30)) wanted.delete(id);
  };
  /** A camera without a trigger reads after a while, and perhaps again. */
  const watch = (mover: Mover, one: ReturnType<typeof looked>, nowMs: number, stepMs: number): void => {
    if (one.leftMs > 0) {
      one.leftMs -= stepMs;
      if (one.leftMs > 0) return;
      read(mover, nowMs);
      if (random.chance(AGAIN_SHARE)) one.againMs = nowMs + random.between(...AGAIN_MS);
    } else if (nowMs >= one.againMs) {
      read(mover, nowMs);
      one.againMs = random.chance(AGAIN_SHARE) ? nowMs + random.between(...AGAIN_MS) : Number.POSITIVE_INFINITY;
    }
  };
  return {
    trigger: (nowMs) => {
      if (camera.trigger !== 'loop') return;
      armedFrom = nowMs + random.between(...TRIGGER_MS);
      armedUntil = armedFrom + TRIGGER_FOR_MS;
    },
    look: (movers, nowMs, stepMs) => {
      for (const [index, mover] of movers.entries()) {
        if (mover.plate === undefined || !canSee(camera, mover, movers[index - 1])) continue;
        const one = looked(mover);
        if (one.blind) continue;
        if (camera.trigger === 'loop') {
          if (nowMs < armedFrom || nowMs > armedUntil) continue;
          // The nearest one in the picture is taken for the one on the loop.
          armedUntil = Number.NEGATIVE_INFINITY;
          read(mover, nowMs);
          return;
        }
        watch(mover, one, nowMs, stepMs);
      }
      forgetOldest();
    },
  };
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ 0: 'D', D: '0', Q: '0', 8: 'B', B: '8', 2: 'Z', Z: '2', 5: 'S', S: '5', 1: '7', 7: '1', G: '6', 6: 'G', E: 'F' },
};

function readOf({ text, color }: NonNullable<Mover['plate']>, manner: SightManner, random: Random): PlateRead {
  const wrong = random.next();
  const poor = random.chance(manner.poor);
  const confidence = Math.round((poor ? random.between(0.55, 0.8) : random.between(0.86, 0.99)) * 100) / 100;
  if (wrong < manner.wrongLength)
    return { text: text.length === 8 ? text.slice(0, 2) + text.slice(3) : text.slice(0, -1), confidence };
  if (wrong < manner.wrongLength + manner.misread) {
    const unsure = Math.round(random.between(0.6, 0.95) * 100) / 100;
    return { text: misreadOf(text, random), confidence: unsure, color };
  }
  return random.chance(COLOUR_SHARE) ? { text, confidence, color } : { text, confidence };
}

/** Mostly a character for one like it, sometimes the province, rarely another character. */
export function misreadOf(text: string, random: Random): string {
  const places = [...text].flatMap((character, index) => (LOOKALIKES[character] === undefined ? [] : [index]));
  const how = random.next();
  if (how < 0.7 && places.length > 0) {
    const place = random.pick(places);
    return [...text].map((character, index) => (index === place ? LOOKALIKES[character] : character)).join('');
  }
  if (how < 0.9) return random.pick([...PROVINCES]) + text.slice(1);
  const place = Math.floor(random.between(2, text.length));
  return text.slice(0, place) + random.pick([...'0123456789']) + text.slice(place + 1);
}

/** Times and durations for people: Beijing time, UTC on hover, focus or tap. */
import { useEffect, useState } from 'preact/hooks';
import { partText } from '../text/page/ui-parts.made.ts';
import type { Text } from '../text/text.ts';
import { BEIJING_OFFSET_MS } from '../written-time.ts';
import { say } from './language.ts';

const iso = (ms: number): string => {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};

/** `2026-11-24` in Beijing. */
export const day = (wallMs: number): string => iso(wallMs + BEIJING_OFFSET_MS).slice(0, 10);
/** `18:08:11` in Beijing, with milliseconds where they matter. */
export const clock = (wallMs: number, milliseconds = false): string =>
  iso(wallMs + BEIJING_OFFSET_MS).slice(11, milliseconds ? 23 : 19);
export const utc = (wallMs: number): string => `${iso(wallMs).slice(0, 19).replace('T', ' ')}Z`;

/** `3 分钟`: one unit, rounded down. */
export function duration(ms: number): Text {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (ms < 1000) return partText.milliseconds(Math.max(0, Math.round(ms)));
  if (seconds < 120) return partText.seconds(seconds);
  if (seconds < 7_200) return partText.minutes(Math.floor(seconds / 60));
  if (seconds < 172_800) return partText.hours(Math.floor(seconds / 3_600));
  return partText.days(Math.floor(seconds / 86_400));
}

/** `mm:ss` left. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** This device's clock, redrawn every `everyMs`. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

interface TimeProps {
  readonly wallMs: number;
  /** `day`: with the date unless it is today's, with the year unless it is this one. */
  readonly show?: 'day' | 'clock' | 'date' | 'full';
  readonly milliseconds?: boolean;
}

/** A moment. Tap, hover or focus shows UTC. */
export function Time({ wallMs, show = 'day', milliseconds = false }: TimeProps) {
  const [open, setOpen] = useState(false);
  const now = day(Date.now());
  const that = day(wallMs);
  const short = now.slice(0, 4) === that.slice(0, 4) ? that.slice(5) : that;
  const date = show === 'full' || show === 'date' ? `${that} ` : show === 'day' && now !== that ? `${short} ` : '';
  return (
    <button
      type="button"
      class={open ? 'time open' : 'time'}
      onClick={() => setOpen(!open)}
      onBlur={() => setOpen(false)}
    >
      <time dateTime={iso(wallMs)}>
        {date}
        {show !== 'date' && clock(wallMs, milliseconds)}
      </time>
      <span class="tip">{utc(wallMs)}</span>
    </button>
  );
}

export const sayDuration = (ms: number): string => say(duration(ms));

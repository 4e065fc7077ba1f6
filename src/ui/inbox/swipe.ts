/** A finger that moves something sideways. Up and down stays the browser's. */
import { useRef, useState } from 'preact/hooks';

/** From here on it is no tap, and has a direction. */
const MOVES_PX = 10;
/** From here on letting go counts. */
const FAR_PX = 80;

type Name = 'onTouchStart' | 'onTouchMove' | 'onTouchEnd' | 'onTouchCancel';
export interface Swipe {
  /** To the right, in pixels; 0: nobody swipes. */
  readonly x: number;
  readonly to: 'left' | 'right' | undefined;
  /** Of the element, which needs `touch-action: pan-y`. */
  readonly on: Readonly<Record<Name, (event: TouchEvent) => void>>;
}

export function useSwipe(onSwipe: (to: 'left' | 'right') => void): Swipe {
  const begun = useRef<{ readonly x: number; readonly y: number; sideways: boolean } | undefined>();
  const [x, setX] = useState(0);
  const to = x > FAR_PX ? 'right' : x < -FAR_PX ? 'left' : undefined;
  const end = (): void => {
    begun.current = undefined;
    setX(0);
  };
  return {
    x,
    to,
    on: {
      onTouchStart: ({ touches }) => {
        const [finger] = touches;
        if (touches.length === 1 && finger) begun.current = { x: finger.clientX, y: finger.clientY, sideways: false };
        else end();
      },
      onTouchMove: (event) => {
        const [finger] = event.touches;
        const { current } = begun;
        if (!finger || !current) return;
        const [across, down] = [finger.clientX - current.x, Math.abs(finger.clientY - current.y)];
        if (!current.sideways && Math.max(Math.abs(across), down) < MOVES_PX) return;
        if (!current.sideways && down > Math.abs(across)) return end();
        current.sideways = true;
        // The browser makes no fling of it, which would swallow the next tap.
        event.preventDefault();
        setX(across);
      },
      onTouchEnd: () => {
        end();
        if (to !== undefined) onSwipe(to);
      },
      onTouchCancel: end,
    },
  };
}

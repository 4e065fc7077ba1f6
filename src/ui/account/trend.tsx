/** The days of a sheet as a picture as wide as it stands there; a touch shows the figures of a day. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DaySheetView } from '../../page/api/api-account.ts';
import { daySheetText } from '../../text/page/account.ts';
import { type Text, yuan } from '../../text/text.ts';
import { boxAddress } from '../fetch.ts';
import { language, say } from '../language.ts';
import { Card } from '../parts.tsx';
import { search } from '../route.ts';

interface TrendProps {
  readonly title: Text;
  /** Which days, as the box is asked for their picture. */
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly trend: DaySheetView['trend'];
  readonly children?: ComponentChildren;
}

export function Trend({ title, query, trend, children }: TrendProps) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  useEffect(() => {
    let late = false;
    const width = `${box.current?.clientWidth || ''}`;
    const address = boxAddress(`account/trend.svg${search({ ...query, width })}`);
    fetch(address, { headers: { 'accept-language': language() } })
      .then((answer) => answer.text())
      .then((text) => {
        const picture = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
        if (late || picture.nodeName !== 'svg') return;
        while (box.current?.firstChild) box.current.removeChild(box.current.firstChild);
        box.current?.appendChild(document.importNode(picture, true));
      })
      .catch(() => undefined);
    return () => {
      late = true;
    };
  }, [search(query)]);
  const touched = trend[at];
  return (
    <Card title={say(title)}>
      {children}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: each day is also reached by its date, above */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: likewise */}
      <div
        ref={box}
        class="trend"
        onClick={({ currentTarget, clientX }) => {
          const days = [...currentTarget.querySelectorAll('.chart-passages')];
          setAt(days.filter((bar) => bar.getBoundingClientRect().left <= clientX).length - 1);
        }}
      />
      <p class="quiet">{say(touched === undefined ? daySheetText.trendTouch : figuresOf(touched))}</p>
    </Card>
  );
}

const figuresOf = ({ key, passages, byHand, unpaid, owedTold, owedEstimated }: DaySheetView['trend'][number]): Text =>
  daySheetText.trendDay(key, passages, byHand, unpaid, yuan(owedTold + owedEstimated));

/** What the pages of devices show for GPIO, devices that speak by themselves and the alarm output is what the program accepts. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alarmOutputKind } from '../../drivers/alarm-output/driver.ts';
import { gpioKind } from '../../drivers/gpio/driver.ts';
import { messagePoints } from '../../drivers/serial-line/message.ts';
import { type SerialLineProfile, serialLineProfile } from '../../drivers/serial-line/profile.ts';
import { QUESTIONS } from '../../drivers/serial-line/questions.ts';

describe.each([
  { language: 'zh', gpio: '## 本机 GPIO', writing: '## 自己写一份', alarm: '## 报警输出' },
  { language: 'en', gpio: '## GPIO of this machine', writing: '## Writing one', alarm: '## Alarm output' },
])('docs/$language', ({ language, ...headings }) => {
  const page = (name: string): string =>
    readFileSync(new URL(`../../docs/${language}/${name}`, import.meta.url), 'utf8');

  /** The first example of a page below a heading that begins with these words. */
  function exampleBelow(name: string, heading: string): string {
    const from = page(name).indexOf(heading);
    expect(from, `${name} has no "${heading}"`).toBeGreaterThan(-1);
    return /```yaml\n([\s\S]*?)```/.exec(page(name).slice(from))?.[1] ?? '';
  }

  it('shows a GPIO device that is accepted', () => {
    const { gpio } = parse(exampleBelow('devices.md', headings.gpio)) as { gpio: Record<string, unknown>[] };
    const { id: _, kind, ...own } = gpio[0] ?? {};
    expect(kind).toBe('gpio');
    expect(gpioKind.schema.parse(own)).toMatchObject({ lines: { in17: 17, in27: 27 } });
  });

  it('shows a profile that is accepted, with each of its kinds of frames', () => {
    const example = exampleBelow('device-boards.md', headings.writing);
    const profile = parse(example) as Record<string, unknown>;
    const others = [...example.matchAll(/^# (frame: \{.*?\})/gm)].map((match) => parse(match[1] ?? '') as object);
    expect(others).toHaveLength(2);
    // Two-digit bytes without quotes are numbers to YAML; the configuration takes them as they are written.
    for (const each of [profile, ...others.map((frame) => ({ ...profile, ...frame }))]) {
      const parsed = serialLineProfile.parse(each) as SerialLineProfile;
      expect(messagePoints(parsed.messages)).toEqual(['loop', 'button', 'in1', 'in4', 'up']);
    }
  });

  it('shows an alarm output that is accepted', () => {
    const { lines } = parse(exampleBelow('device-boards.md', headings.alarm)) as {
      lines: { devices: Record<string, unknown>[] }[];
    };
    const { id: _, kind, ...own } = lines[1]?.devices[0] ?? {};
    expect(kind).toBe('alarm-output');
    expect(alarmOutputKind.schema.parse(own)).toMatchObject({ enabled: true, relay: 3, onMs: 3_000 });
  });

  it('names every question that can be sent', () => {
    const table = page('device-boards.md');
    for (const question of Object.values(QUESTIONS))
      expect(table).toContain(
        Buffer.from(question).toString('latin1').replace('\u00a6', 'A6 ').replace('\u00a9', ' A9'),
      );
  });
});

/** Finding devices: what the wire hears is the proof. Only reads, only after the confirmation, never on a wire of another master. */
import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '../../src/http/problem.ts';
import type { Job, ScanResult } from '../../src/page/api/api-setup.ts';
import { PORT, type WizardBox, wizardBox } from './wizard-box.ts';

let box: WizardBox;
afterEach(() => box.close());

const ORDER = {
  port: PORT,
  baudRates: [38_400],
  parities: ['none'],
  units: [1, 5],
  confirmedAlone: true,
  release: true,
};
const refusal = (input: object): Problem => {
  try {
    box.start('scan', input);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('it was not refused');
};

/** The function code of every request that the wire heard. */
const functions = (): readonly number[] => [...new Set(box.heard.map((bytes) => bytes[1] ?? 0))].sort();

describe('scan', () => {
  it('finds the board, names its profile first, puts only reads on the wire, and gives the line back', async () => {
    box = await wizardBox();
    const job = await box.until(box.start('scan', { ...ORDER, baudRates: [9_600, 38_400], lane: '1001' }).id);
    expect(job.error).toBeUndefined();
    const { found, garbled } = job.result as ScanResult;
    expect(found).toEqual([expect.objectContaining({ unit: 3, baudRate: 38_400, parity: 'none', device: 'io1' })]);
    // Two of its family answer alike.
    expect(found[0]?.profiles[0]).toMatch(/^waveshare-modbus-rtu-/);
    expect(found[0]?.profiles).toContain('waveshare-modbus-rtu-io-8ch');
    expect(found[0]?.profiles).not.toContain('juying-dam0808');
    expect(garbled).toEqual([]);
    for (const bytes of box.heard) expect(bytes[1], Buffer.from(bytes).toString('hex')).toBeLessThanOrEqual(4);
    expect(functions()).toEqual([1, 2, 3, 4]);
    const units = new Set(box.heard.map(([unit]) => unit));
    for (const unit of [0, 254, 255]) expect(units).not.toContain(unit);
    // The lane's board is read again.
    box.heard.length = 0;
    await expect.poll(() => box.heard.length).toBeGreaterThan(3);
    expect((await box.commissioning.sheet('1001'))?.scan?.found).toHaveLength(1);
  });

  it('is refused without the confirmation, on a wire that is in use, and for addresses that are everybody', async () => {
    box = await wizardBox();
    expect(refusal({ ...ORDER, confirmedAlone: undefined }).errors.map(({ field }) => field)).toEqual([
      'confirmedAlone',
    ]);
    expect(refusal({ ...ORDER, confirmedAlone: 'true' }).code).toBe('invalid');
    expect(refusal({ ...ORDER, release: false }).code).toBe('conflict');
    expect(refusal({ ...ORDER, units: [0, 3] }).errors.map(({ field }) => field)).toEqual(['units']);
    expect(refusal({ ...ORDER, units: [240, 254] }).code).toBe('invalid');
    expect(refusal({ ...ORDER, port: '/etc/passwd' }).code).toBe('invalid');
  });

  it('is refused on a wire that is only listened to, whatever is confirmed', async () => {
    box = await wizardBox({ listenOnly: true });
    expect(refusal(ORDER).text.en).toContain('listenOnly');
    expect(box.heard).toEqual([]);
  });

  it('sends nothing when somebody speaks while it listens', async () => {
    box = await wizardBox();
    const { id } = box.start('scan', ORDER);
    await box.until(id, ({ now }) => now.en.includes('listening'));
    const before = box.heard.length;
    box.wire.say(Uint8Array.of(3, 2, 0, 0, 0, 8, 0x78, 0x2e));
    const speaking = setInterval(() => box.wire.say(Uint8Array.of(3, 2, 0, 0, 0, 8, 0x78, 0x2e)), 200);
    const job = await box.until(id);
    clearInterval(speaking);
    expect(job.state).toBe('failed');
    expect(job.error?.en).toContain('another master');
    // What is heard now are the polls of the line, which has its wire back; the scan itself asked nothing at unit 1.
    expect(box.heard.slice(before).filter(([unit]) => unit === 1)).toEqual([]);
  });

  it('takes a late answer to the last question of its own line for nobody else', async () => {
    box = await wizardBox();
    let isLate = true;
    let job: Job | undefined;
    // On a busy machine this test may be later than such an answer is.
    for (let again = 0; isLate && again < 5 && job?.state !== 'done'; again += 1) {
      const { id } = box.start('scan', ORDER);
      await box.until(id, ({ now }) => now.en.includes('listening'));
      const fromMs = performance.now();
      const speaking = setInterval(() => box.wire.say(Uint8Array.of(3, 2, 1, 0, 0xa1, 0xa0)), 50);
      await new Promise((resolve) => setTimeout(resolve, 500));
      clearInterval(speaking);
      isLate = performance.now() > fromMs + 800;
      job = await box.until(id);
    }
    expect(job).toMatchObject({ state: 'done', result: { found: [{ device: 'io1' }] } });
  });

  it('keeps what it found when it is cancelled, and gives the line back', async () => {
    box = await wizardBox();
    const { id } = box.start('scan', { ...ORDER, units: [1, 247] });
    await box.until(id, ({ result }) => (result as ScanResult | undefined)?.found.length === 1);
    box.jobs.cancel(id);
    const job = await box.until(id);
    expect(job.state).toBe('cancelled');
    expect((job.result as ScanResult).found).toHaveLength(1);
    box.heard.length = 0;
    await expect.poll(() => box.heard.length).toBeGreaterThan(3);
  });
});

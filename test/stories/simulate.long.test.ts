/** A simulated park and the program in two processes: a board on a pty, one over TCP, one over Modbus TCP, contacts on GPIO, four makes of cameras. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, program, type Running, temporaryFolder } from './processes.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function simulate(folder: string, words: readonly string[]): Promise<Running> {
  const park = program(['simulate', '--dir', folder, '--rate', '0', '--lang', 'en', ...words]);
  endings.push(() => park.process.kill('SIGKILL'));
  await park.says('in another terminal');
  return park;
}

function run(folder: string): Running {
  const path = `${join(folder, 'gpio-tools')}:${process.env.PATH}`;
  const box = program(['run', '--config', join(folder, 'lanewarden.yaml'), '--lang', 'en'], { PATH: path });
  endings.push(() => box.process.kill('SIGKILL'));
  return box;
}
const type = (park: Running, line: string): void => void park.process.stdin?.write(`${line}\n`);

describe('lanewarden simulate', () => {
  it('gives another process four lanes on four kinds of wire, and its platform gets a release of each', async () => {
    const folder = temporaryFolder();
    const park = await simulate(folder, ['--lanes', '4', '--wires', 'pty,tcp,modbus-tcp,gpio']);
    const box = run(folder);
    await box.says('watching');
    const cars = [
      ['1001', '粤B11111'],
      ['1002', '粤B22222'],
      ['1003', '粤B33333'],
      ['1004', '粤B44444'],
    ] as const;
    const isReleased = ([lane, plate]: (typeof cars)[number]) =>
      new RegExp(`${lane}  → 1 (按钮|手动)开闸 (${plate}|无牌车) .*picture \\d+ kB`).test(park.output());
    // Boards that a starved machine does not hear for a second see nobody: who was let out there comes once more.
    let pressedMs = Number.NEGATIVE_INFINITY;
    const press = () => {
      if (performance.now() - pressedMs < 40_000) return;
      pressedMs = performance.now();
      for (const car of cars) if (!isReleased(car)) type(park, `${car[0]} button ${car[1]}`);
    };
    await eventually(
      'the platform has a release of each lane',
      () => {
        press();
        return cars.every(isReleased);
      },
      () => `${park.output()}\n${box.output()}`,
    );
    // On a busy machine one press may fall between two answers of its board.
    expect(cars.filter(([, plate]) => park.output().includes(`按钮开闸 ${plate}`)).length).toBeGreaterThan(2);
    expect((await box.end()).code, box.output()).toBe(0);
    type(park, 'quit');
    expect(await park.ended, park.output()).toBe(0);
    expect(park.output()).toMatch(/^1001 1002 1003 1004: \d+ vehicles, /m);
    expect(park.output()).not.toContain('there must be none');
  });

  it('does what is typed: faults, cars, questions, and says what makes no sense', async () => {
    const folder = temporaryFolder();
    const park = await simulate(folder, ['--wires', 'tcp', '--fault', 'late=5%', '--fault', 'unplug@100ms:200ms']);
    await eventually('it was plugged in again', () => existsSync(join(folder, 'lanewarden.yaml')));
    const answer = async (line: string, said: string | RegExp): Promise<void> => {
      type(park, line);
      await park.says(said);
    };
    await answer('faults', /faults: late/);
    await answer('fault garbled 20%', /faults: .*garbled/);
    await answer('fault late off', /faults: (unplug )?garbled\n/);
    await answer('fault nonsense', 'no such fault: nonsense');
    await answer('paid 粤B12345', '1001  paid 粤B12345');
    await answer('fly', 'fly is not understood. you can type');
    await answer('report', 'records without a vehicle: 0 reported');
    expect((await park.end('SIGINT')).code, park.output()).toBe(0);
  });

  it('simulates what a configuration names', async () => {
    const folder = temporaryFolder();
    const first = await simulate(folder, ['--lanes', '2', '--wires', 'tcp', '--cameras', 'dahua,json']);
    await first.end('SIGINT');
    const again = temporaryFolder();
    const park = await simulate(again, ['--config', join(folder, 'lanewarden.yaml')]);
    const written = readFileSync(join(again, 'lanewarden.yaml'), 'utf8');
    for (const name of ['"1002"', 'io2.di7', 'kind: dahua', 'kind: json-push']) expect(written).toContain(name);
    const check = program(['check', '--config', join(again, 'lanewarden.yaml'), '--lang', 'en']);
    expect(await check.ended, check.output()).toBe(0);
    expect((await park.end('SIGINT')).code).toBe(0);
  });

  it.each([
    [['--fault', 'late=500%'], 'no such fault: late=500%'],
    [['--wires', 'string'], '--wires: no string'],
    [['--lanes', '99'], '--lanes is 1 to 32'],
  ])('refuses %j', async (words, said) => {
    const refused = program(['simulate', '--lang', 'en', ...words]);
    expect(await refused.ended, refused.output()).toBe(2);
    expect(refused.output()).toContain(said);
  });

  it('says so when the real serial port is not there', async () => {
    const refused = program(['simulate', '--lang', 'en', '--port', '/dev/no-such-port']);
    expect(await refused.ended, refused.output()).toBe(69);
    expect(refused.output()).toContain('the serial port cannot be opened');
  });
});

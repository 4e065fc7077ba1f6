/**
 * Boards of a bench (boards.c), and the figures read from them and from the program that polls them: how late its polls are, how long its
 * processor runs, how often it flushes. It knows no program in particular: ours and a peer are measured alike.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Wire = 'pty' | 'tcp' | 'modbus-tcp';

export interface Boards {
  /** As a configuration names them: a path, `tcp://host:port` or `modbus-tcp://host:port`. */
  readonly ports: readonly string[];
  /** Sets the eight inputs of a board; resolves with the time of the change (CLOCK_MONOTONIC, milliseconds). */
  set(board: number, inputs: number): Promise<number>;
  /** Forgets the polls so far. */
  begin(): void;
  /** When each board was asked for its inputs, since `begin`. */
  polls(): Promise<readonly (readonly number[])[]>;
  close(): void;
}

/** `folder`: for the compiled program. Input 1 of every board is on, the others are off. Needs gcc. */
export async function startBoards(folder: string, wire: Wire, count: number): Promise<Boards> {
  const program = join(folder, 'boards');
  execFileSync('gcc', ['-O2', '-o', program, 'test/bench/boards/boards.c']);
  const child = spawn(program, [wire, `${count}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  /** Answers come in the order of the commands. */
  const waiting: ((line: string) => void)[] = [];
  lines.on('line', (line) => waiting.shift()?.(line));
  const next = (): Promise<string> => new Promise((resolve) => waiting.push(resolve));
  const several = (): Promise<string[]> => Promise.all(Array.from({ length: count }, next));
  const ports = await several();
  return {
    ports,
    set: async (board, inputs) => {
      const answer = next();
      child.stdin.write(`set ${board} ${inputs}\n`);
      return Number(await answer) / 1e6;
    },
    begin: () => void child.stdin.write('begin\n'),
    polls: async () => {
      const answers = several();
      child.stdin.write('polls\n');
      return (await answers).map((line) =>
        line
          .split(' ')
          .slice(0, -1)
          .map((ns) => Number(ns) / 1e6),
      );
    },
    close: () => void child.kill('SIGKILL'),
  };
}

/** How much longer than the period it took from one poll of a board to the next, over all boards. */
export function lateness(
  polls: readonly (readonly number[])[],
  periodMs: number,
): { readonly polls: number; readonly p50Ms: number; readonly p99Ms: number } {
  const late = polls.flatMap((times) =>
    times.slice(1).map((atMs, index) => Math.max(0, atMs - (times[index] ?? 0) - periodMs)),
  );
  return {
    polls: polls.reduce((sum, times) => sum + times.length, 0),
    p50Ms: quantile(late, 0.5),
    p99Ms: quantile(late, 0.99),
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const TICK_MS = 10;

/** Processor time of a process so far, all its threads and the children that have ended. In steps of 10 ms. */
export function processorMs({ pid }: Pick<ChildProcess, 'pid'>): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
}

/** Private memory that was written, in megabytes, as reliability.md 8.4 counts it. */
export function privateMb({ pid }: Pick<ChildProcess, 'pid'>): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (Number(/^Private_Dirty:\s+(\d+)/m.exec(text)?.[1]) * 1024) / 1e6;
}

export interface FlushCounter {
  /** For the environment of the program: the counter is preloaded. */
  readonly environment: Readonly<Record<string, string>>;
  /** fsync and fdatasync so far, of the program and its children. */
  count(): number;
}

export function flushCounter(folder: string, name: string): FlushCounter {
  const library = join(folder, 'flushes.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, 'test/bench/boards/flushes.c', '-ldl']);
  const file = join(folder, `${name}.flushes`);
  return {
    environment: { LD_PRELOAD: library, FLUSHES_FILE: file },
    count: () => Number(readFileSync(file).readBigUInt64LE()),
  };
}

/** Ends a child that this bench started. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** How many of what a test draws, kills or edits: few at first, all in the long tier (`vitest.config.ts`) and where rules are broken (`test/mutations`). */
export const AT_LENGTH = process.env.AT_LENGTH === '1';
export const atLength = (all: number, few: number): number => (AT_LENGTH ? all : few);
/** Likewise of what takes minutes: .ci/run takes a few (`SAMPLE=1`), `npm run test:long` and the night all. */
export const ofMinutes = <T>(all: T, few: T): T => (process.env.SAMPLE === '1' ? few : all);

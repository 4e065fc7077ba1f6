/** How long the loop was held up: what this thread computed between two turns, as other work of the machine is not meant. */
export function createTurnMeter(): { readonly worstMs: () => number; readonly end: () => void } {
  let worst = 0;
  let last = process.threadCpuUsage();
  const beat = (): void => {
    const { user, system } = process.threadCpuUsage(last);
    worst = Math.max(worst, (user + system) / 1_000);
    last = process.threadCpuUsage();
  };
  const timer = setInterval(beat, 1);
  return {
    worstMs: () => {
      beat();
      return worst;
    },
    end: () => clearInterval(timer),
  };
}

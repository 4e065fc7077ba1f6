// Where the time of a proof goes: records made and arrived, repetitions, connections begun and accepted, processor time of each part.
import { readFileSync } from 'node:fs';

const TICKS_PER_S = 100;
const NOTHING = { made: 0, begun: 0, accepted: 0 };

/** Of a process so far; 0 when it is gone. */
function processorS(pid) {
  try {
    // After the name, which may have spaces, the fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
  } catch {
    return 0;
  }
}

export class Meter {
  #centre;
  #fleet;
  #beganMs = Date.now();
  #processor = new Map();
  #pids = new Map();
  #consumed = new Map();
  #last = new Map();

  /** `fleet`: `pids` of its processes, and `counts()` of each. */
  constructor(centre, fleet) {
    this.#centre = centre;
    this.#fleet = fleet;
  }

  /** Adds what came since the last look. What an engine took between that and its death is missed. */
  async look() {
    const pids = { boxes: this.#fleet.pids, ...this.#centre.pids() };
    for (const [name, of] of Object.entries(pids)) {
      const part = name.startsWith('agent') ? 'agents' : name;
      for (const pid of of) {
        this.#add(this.#processor, part, processorS(pid), this.#pids.get(pid) ?? 0);
        this.#pids.set(pid, processorS(pid));
      }
    }
    const counted = await this.#centre.consumerMetrics().catch(() => '');
    for (const [, result, value] of counted.matchAll(/messages_total\{result="(\w+)"\} (\d+)/g)) {
      // It counts from 0 again when it was started again.
      const last = this.#last.get(result) ?? 0;
      this.#add(this.#consumed, result, Number(value), Number(value) < last ? 0 : last);
      this.#last.set(result, Number(value));
    }
    const boxes = await this.#fleet.counts();
    return boxes.reduce(
      (sum, each) => {
        for (const key of Object.keys(sum)) sum[key] += each[key];
        return sum;
      },
      { ...NOTHING },
    );
  }

  #add(to, key, value, last) {
    to.set(key, (to.get(key) ?? 0) + value - last);
  }

  async told() {
    const { made, begun, accepted } = await this.look();
    const seconds = (Date.now() - this.#beganMs) / 1000;
    const [fresh, repeated] = ['new', 'repeated'].map((result) => this.#consumed.get(result) ?? 0);
    const parts = [...this.#processor]
      .sort(([, one], [, other]) => other - one)
      .filter(([, s]) => s >= 0.5)
      .map(([part, s]) => `${part} ${s.toFixed(0)}`);
    const rate = (count) => `${count} (${(count / seconds).toFixed(1)}/s)`;
    return `made ${rate(made)}, arrived ${rate(fresh)}, repeated ${rate(repeated)}, connections begun ${rate(begun)}, accepted ${rate(accepted)}; processor s: ${parts.join(', ')}`;
  }
}

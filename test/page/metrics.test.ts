/** `/metrics` while no configuration runs: what is unknown is not there, rather than 0. */
import { expect, it } from 'vitest';
import { metricsOf } from '../../src/page/metrics.ts';

it('says that nothing runs, and nothing of what is not known', async () => {
  const answer = await metricsOf('1.2.3', undefined);
  const text = 'bytes' in answer ? String(answer.bytes) : '';
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'lanewarden_info{version="1.2.3"} 1',
    'lanewarden_running 0',
  ]);
});

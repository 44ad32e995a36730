import { describe, expect, test } from 'vitest';
import { AdaptiveSampler } from './adaptive-sampler.ts';

const sampling = { first: 3, rate: 0.1, cpuShare: 0.01 };

/** Decides with a clock and dice that are told. */
function aSampler(over: Partial<typeof sampling> = {}) {
  const clock = { now: 0, dice: 0.5 };
  const sampler = new AdaptiveSampler(
    { ...sampling, ...over },
    () => clock.now,
    () => clock.dice,
  );
  const decide = (times: number, operation = 'GET /a') =>
    Array.from({ length: times }, () => sampler.decide(operation));
  return { sampler, clock, decide };
}

describe('the sampler', () => {
  test('takes the first exchanges of each operation, then a share', () => {
    const { clock, decide } = aSampler();
    expect(decide(4)).toEqual(['whole', 'whole', 'whole', 'sampled-out']);
    expect(decide(1, 'GET /b')).toEqual(['whole']);
    clock.dice = 0.099;
    expect(decide(1)).toEqual(['whole']);
    clock.dice = 0.1;
    expect(decide(1)).toEqual(['sampled-out']);
  });

  test('decides the same under the same clock and dice', () => {
    const run = () => {
      const { clock, decide } = aSampler();
      return Array.from({ length: 200 }, (_, index) => {
        clock.now += 10;
        clock.dice = ((index * 7919) % 101) / 101;
        return decide(1)[0];
      });
    };
    expect(run()).toEqual(run());
    expect(new Set(run())).toEqual(new Set(['whole', 'sampled-out']));
  });

  test('looks more often after a broken promise, and only for a while', () => {
    const { sampler, clock, decide } = aSampler();
    decide(3);
    clock.dice = 0.4;
    expect(decide(1)).toEqual(['sampled-out']);
    sampler.suspect('GET /a');
    expect(new Set(decide(50))).toEqual(new Set(['whole']));
    expect(decide(1)).toEqual(['sampled-out']);
  });

  test('slows down as its time is used up, stops at the end of it and comes back with time', () => {
    const { sampler, clock, decide } = aSampler();
    decide(3);
    clock.dice = 0.09;
    expect(decide(1)).toEqual(['whole']);
    // 300 ms are saved; below half of them the share falls with what is left.
    sampler.spent(200);
    expect(decide(1)).toEqual(['over-budget']);
    clock.dice = 0.05;
    expect(decide(1)).toEqual(['whole']);
    sampler.spent(101);
    expect(decide(1)).toEqual(['over-budget']);
    expect(decide(1, 'GET /new')).toEqual(['over-budget']);
    // One per cent of 20 s.
    clock.now += 20_000;
    clock.dice = 0.09;
    expect(decide(1, 'GET /a')).toEqual(['whole']);
  });

  test('spends no more than its share of a core over time', () => {
    const { sampler, clock } = aSampler({ rate: 1 });
    let spent = 0;
    for (let index = 0; index < 100_000; index += 1) {
      clock.now += 1;
      clock.dice = ((index * 7919) % 1_000) / 1_000;
      if (sampler.decide('GET /a') !== 'whole') continue;
      sampler.spent(0.5);
      spent += 0.5;
    }
    expect(spent).toBeLessThanOrEqual(0.01 * 100_000 + 300 + 0.5);
    expect(spent).toBeGreaterThan(0.01 * 100_000);
  });

  test('a clock that goes back takes nothing away', () => {
    const { clock, decide } = aSampler();
    clock.now = -1_000_000;
    expect(decide(1)).toEqual(['whole']);
  });

  test('a flood of operations shares one history', () => {
    const { sampler, decide } = aSampler();
    for (let index = 0; index < 2_100; index += 1) sampler.decide(`GET /${index}`);
    expect(decide(1, 'GET /another')).toEqual(['sampled-out']);
    expect([sampler.looked('GET /1'), sampler.looked('GET /2050')]).toEqual([1, 0]);
  });
});

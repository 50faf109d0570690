import { describe, expect, it } from 'vitest';
import { type DeviceTime, deviceTime } from '../../shared/time/time.ts';
import { createHeartbeat, GAP_MICROS } from './heartbeat.ts';

function beating() {
  let now = 5_000_000;
  const gaps: [DeviceTime, DeviceTime][] = [];
  const heartbeat = createHeartbeat(
    () => deviceTime(now),
    (from, to) => gaps.push([from, to]),
  );
  return {
    gaps,
    heartbeat,
    pass(micros: number) {
      now += micros;
    },
  };
}

describe('the heartbeat', () => {
  it('tells a stop by its last beat before and its first after', () => {
    const { gaps, heartbeat, pass } = beating();
    pass(5000);
    heartbeat.check();
    pass(12_000_000);
    heartbeat.check();
    expect(gaps).toEqual([[5_005_000, 17_005_000]]);
  });

  it('counts uptime right over more stops than it remembers one by one', () => {
    const { heartbeat, pass } = beating();
    for (let stop = 0; stop < 250; stop += 1) {
      pass(2_000_000);
      heartbeat.check();
      pass(1000);
      heartbeat.check();
    }
    expect(heartbeat.uptime()).toBe(5_000_000 + 250 * 1000);
  });

  it('does not take a late timer for a stop', () => {
    const { gaps, heartbeat, pass } = beating();
    pass(GAP_MICROS);
    heartbeat.check();
    expect(gaps).toEqual([]);
    expect(heartbeat.uptime()).toBe(6_000_000);
  });

  it('counts uptime without the stops, from the first stamp after each on', () => {
    const { gaps, heartbeat, pass } = beating();
    pass(3_000_000);
    // Nobody looked: asking for the uptime finds the stop itself.
    expect(heartbeat.uptime()).toBe(5_000_000);
    pass(500_000);
    expect(heartbeat.uptime()).toBe(5_500_000);
    pass(2_000_000);
    expect(heartbeat.uptime()).toBe(5_500_000);
    expect(gaps).toHaveLength(2);
  });

  it('knows the uptime of an instant before, within and after a stop', () => {
    const { heartbeat, pass } = beating();
    pass(4_000_000);
    heartbeat.check();
    pass(1000);
    expect([4_000_000, 5_000_000, 7_000_000, 9_000_500].map((at) => heartbeat.uptimeAt(deviceTime(at)))).toEqual([
      4_000_000, 5_000_000, 5_000_000, 5_000_500,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { deviceTime } from '../../shared/time/time.ts';
import type { Lane, LaneId } from '../../shared/timeline/view.ts';
import { TimelineController, type TimelineSource } from './controller.ts';
import { PRESENT_AT } from './viewport.ts';

const lane: Lane = {
  id: 'userHearsAgent',
  title: 'User hears agent',
  segments: [
    { from: deviceTime(0), to: deviceTime(20e6), value: 'flowing', label: 'Hears', tone: 'good' },
    { from: deviceTime(20e6), to: deviceTime(25e6), value: 'stopped', label: 'Playout stopped', tone: 'bad' },
    { from: deviceTime(25e6), value: 'flowing', label: 'Hears', tone: 'good' },
  ],
};
const lanes: ReadonlyMap<LaneId, Lane> = new Map([['userHearsAgent', lane]]);

function setUp(live: boolean, calm = false) {
  const source = { origin: 0, present: 60e6, live, lanes };
  const controller = new TimelineController(
    (): TimelineSource => source,
    () => calm,
  );
  controller.reset();
  return { controller, source };
}

describe('timeline controller', () => {
  it('follows a live stream until it is moved by hand, and again when asked to', () => {
    const { controller, source } = setUp(true);
    controller.tick();
    source.present = 61e6;
    controller.tick();
    expect(controller.view.from + controller.view.span * PRESENT_AT).toBeCloseTo(61e6);
    controller.key('ArrowLeft', false);
    const held = controller.view;
    source.present = 70e6;
    controller.tick();
    expect(controller.view).toEqual(held);
    controller.key('End', false);
    controller.tick();
    expect(controller.following.get()).toBe(true);
    expect(controller.view.from + controller.view.span * PRESENT_AT).toBeCloseTo(70e6);
  });

  it('keeps following while zooming, with the present in place', () => {
    const { controller } = setUp(true);
    controller.tick();
    controller.key('+', false);
    controller.tick();
    expect(controller.following.get()).toBe(true);
    expect(controller.view.from + controller.view.span * PRESENT_AT).toBeCloseTo(60e6);
  });

  it('shows a recording whole and never follows it', () => {
    const { controller } = setUp(false);
    expect(controller.view.from).toBeLessThanOrEqual(0);
    expect(controller.view.from + controller.view.span).toBeGreaterThanOrEqual(60e6);
    controller.setFollowing(true);
    expect(controller.following.get()).toBe(false);
  });

  it('moves in steps instead of gliding when motion is to be reduced', () => {
    const { controller, source } = setUp(true, true);
    controller.tick();
    const first = controller.view.from;
    source.present += 1000;
    controller.tick();
    source.present += 1000;
    controller.tick();
    expect(new Set([first, controller.view.from]).size).toBeLessThanOrEqual(2);
    const settled = controller.view.from;
    source.present += 10_000;
    controller.tick();
    expect(controller.view.from).toBe(settled);
  });

  it('steps through the changes of a lane and says in words what holds there', () => {
    const { controller } = setUp(false);
    controller.key('ArrowDown', false);
    controller.setCursor(1e6);
    controller.key('.', false);
    expect(controller.cursor).toBe(20e6);
    expect(controller.summary.get()).toContain('User hears agent at 0:20.000: Playout stopped.');
    controller.key('.', false);
    controller.key(',', false);
    expect(controller.cursor).toBe(20e6);
  });

  it('says when there is no further change', () => {
    const { controller } = setUp(false);
    controller.setCursor(50e6);
    controller.key('.', false);
    expect(controller.summary.get()).toBe('No later change in this lane.');
  });

  it('leaves keys that are not its own alone', () => {
    const { controller } = setUp(true);
    expect(controller.key('k', false)).toBe(false);
  });
});

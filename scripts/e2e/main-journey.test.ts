import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendantsOf } from '../bench/processor-time.ts';
import { isAlive, openBrowser, openPage, type Program, picture, startProgram, words } from './harness.ts';

/** A run starts a fresh phone (about 3 s), rings for 3 s, and settles for a few more. */
const RUN_LIMIT_MILLISECONDS = 45_000;

let program: Program;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  program = await startProgram();
  browser = await openBrowser();
  ({ page, complaints } = await openPage(browser, program.pageUrl));
});
afterAll(async () => {
  await browser?.close();
  await program?.dispose();
});

const fact = (name: string) =>
  page
    .getByRole('region', { name: 'Present state' })
    .locator('div', { has: page.getByText(name, { exact: true }) })
    .last();
const incidentRows = () => page.getByRole('listbox', { name: 'Incidents' }).getByRole('option');
const seconds = (words: string): number => {
  const found = /(\d+(?:\.\d+)?) (ms|s)\b/.exec(words);
  return found === null ? Number.NaN : Number(found[1]) / (found[2] === 'ms' ? 1000 : 1);
};

/** Both directions flow, by the labels beside the two bars. */
const HEARS = /User hears agent\s+Hears\s+Agent hears user\s+Hears/i;
const timelineWords = (): Promise<string> => words(page.getByRole('region', { name: 'Timeline' }));
const callIsUp = (): Promise<void> => expect.poll(timelineWords, { timeout: 20_000 }).toMatch(HEARS);
/** A fresh phone: the old call is gone before the new one is up. */
async function callIsNew(): Promise<void> {
  await expect.poll(timelineWords, { timeout: 10_000 }).not.toMatch(HEARS);
  await callIsUp();
}

async function runFromPalette(query: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command' }).fill(query);
  await page.keyboard.press('Enter');
  await page.getByRole('status', { name: 'Running scenario' }).waitFor();
}
async function runIsOver(): Promise<void> {
  await page
    .getByRole('status', { name: 'Running scenario' })
    .waitFor({ state: 'detached', timeout: RUN_LIMIT_MILLISECONDS });
}

describe('a first minute with Sidetone', () => {
  it('shows the call of the simulated iPhone within 30 s, says that it is simulated, and takes the token out of the address', async () => {
    await page.getByText('Simulated (F0)').first().waitFor();
    await expect.poll(() => words(page.locator('body')), { timeout: 30_000 }).toMatch(/Play and record/i);
    await callIsUp();
    expect(await page.evaluate(() => location.hash)).toBe('');
    expect(await words(fact('ICE'))).toMatch(/connected|completed/i);
  });

  it('runs "Phone call, declined" from the palette and shows the incident with milestones and its numbers', async () => {
    await runFromPalette('Phone call, declined');
    await runIsOver();
    await expect.poll(() => incidentRows().count()).toBe(1);
    const incident = page.getByRole('article', { name: /Incident 1/ });
    const milestones = await incident
      .getByRole('table', { name: 'Milestones' })
      .locator('[data-milestone]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-milestone')));
    for (const expected of [
      'causeBegan',
      'causeCleared',
      'systemSaid',
      'sessionActive',
      'unitRunning',
      'captureFlowing',
      'renderFlowing',
      'txFlowing',
      'rxFlowing',
    ]) {
      expect(milestones).toContain(expected);
    }
    // The call rings for 3 s before it is declined, and the app is back within the scenario's 1.5 s.
    const recovery = seconds(await words(incident.getByTestId('recovery-latency')));
    expect(recovery).toBeGreaterThan(0.05);
    expect(recovery).toBeLessThan(1.5);
    const figures = await words(incident.locator('.figures'));
    const deadAir = [...figures.matchAll(/Dead air, \w+\s+([\d.]+ (?:ms|s))/g)].map((match) => seconds(match[1] ?? ''));
    expect(deadAir).toHaveLength(2);
    for (const length of deadAir) {
      expect(length).toBeGreaterThan(2.9);
      expect(length).toBeLessThan(4.7);
    }
    await picture(page, 'incident-light');
  });

  it('is a table and words for those who cannot see the timeline', async () => {
    await page.getByRole('tab', { name: 'List of events' }).click();
    expect(await page.getByRole('tabpanel').getByRole('row').count()).toBeGreaterThan(10);
    await page.getByRole('tab', { name: 'What happened' }).click();
    await expect.poll(() => words(page.getByRole('tabpanel'))).toMatch(/declined/);
    await page.getByRole('tab', { name: 'Incidents' }).click();
  });

  it('shows which layers lie while an app that never restarts its unit is dead after Siri', async () => {
    await page.getByRole('combobox', { name: 'App policy' }).selectOption({ label: 'Never restarts the unit' });
    await callIsNew();
    await page.locator('summary', { hasText: 'Siri and alarm' }).click();
    await page.getByRole('button', { name: 'Siri starts' }).click();
    await page.getByRole('button', { name: 'Siri ends' }).click();
    const lies = page
      .getByRole('complementary', { name: 'Claims and evidence' })
      .locator('[data-layer][data-verdict="lies"]');
    const layers = (): Promise<(string | null)[]> =>
      lies.evaluateAll((rungs) => rungs.map((rung) => rung.getAttribute('data-layer')));
    // The track says enabled and ICE says connected, while no frame and no packet leaves the phone.
    await expect.poll(layers, { timeout: 15_000 }).toEqual(expect.arrayContaining(['track', 'farEnd']));
    expect(await incidentRows().first().getAttribute('data-state')).toBe('open');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'ladder-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('combobox', { name: 'App policy' }).selectOption({ label: 'Careful app' });
    await callIsNew();
  });

  it('says within 3 s that the phone process is gone, keeps what came, and starts it again', async () => {
    const phone = descendantsOf(program.child.pid ?? 0)?.find((one) => one.command.includes('app-end'));
    expect(phone).toBeDefined();
    process.kill(phone?.pid ?? 0, 'SIGKILL');
    const banner = page.getByRole('alert').filter({ hasText: /stopped|went away/ });
    await banner.waitFor({ timeout: 3000 });
    expect(await incidentRows().count()).toBeGreaterThan(0);
    await banner.getByRole('button', { name: 'Restart' }).click();
    await banner.waitFor({ state: 'detached', timeout: 15_000 });
    await callIsUp();
    expect(await incidentRows().count()).toBeGreaterThan(0);
  });

  it('opens the bundled sample read-only, and comes back to live', async () => {
    await page
      .getByRole('region', { name: 'Recordings' })
      .getByRole('button', { name: /sample/i })
      .first()
      .click();
    await page.getByText(/Read only/).waitFor();
    await expect.poll(() => incidentRows().count(), { timeout: 10_000 }).toBeGreaterThan(2);
    await picture(page, 'sample-light');
    await page.getByRole('button', { name: 'Back to live' }).click();
    await page.getByText(/Read only/).waitFor({ state: 'detached' });
  });

  it('fits small windows in both themes, without a sideways scroll', async () => {
    for (const [width, height] of [
      [960, 640],
      [420, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        await picture(page, `small-${width}-${colorScheme}`);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('said nothing to the console that a developer would have to look into', () => {
    expect(complaints).toEqual([]);
  });

  it('leaves no process, socket or temporary file behind after Ctrl-C', async () => {
    const below = descendantsOf(program.child.pid ?? 0) ?? [];
    expect(below.length).toBeGreaterThanOrEqual(4);
    expect(await program.interrupt()).toBe(0);
    await expect.poll(() => below.filter((one) => isAlive(one.pid)), { timeout: 3000 }).toEqual([]);
    await expect(fetch(new URL(program.pageUrl).origin)).rejects.toThrow();
  });
});

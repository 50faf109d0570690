/** Finds and runs commands; the global key handler. */
import type { Page } from '../components/context.ts';
import { injectionCommands, scenarioCommands } from './engine-commands.ts';
import { isSingleKey, type KeyPress, matches } from './keys.ts';
import { PAGE_COMMANDS } from './page-commands.ts';
import type { Command } from './registry.ts';

/** All commands there are now, scenarios first. */
export function allCommands(page: Page): readonly Command<Page>[] {
  return [
    ...scenarioCommands(page.store.scenarios.get()),
    ...injectionCommands(page.store.benchInfo()?.abilities ?? []),
    ...PAGE_COMMANDS,
  ];
}

export const isEnabled = (page: Page, command: Command<Page>): boolean => command.enabled?.(page) ?? true;

/** Runs a command by its id, if it can be done now. */
export function runCommand(page: Page, id: string): void {
  const command = allCommands(page).find((one) => one.id === id);
  if (command !== undefined && isEnabled(page, command)) command.run(page);
}

const TEXT_FIELDS = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
/** Space and Enter belong to these when they have the focus. */
const PRESSABLE = 'button, a, summary, input, [role=option], [role=tab], [role=switch]';

/** Runs the command a key press means. True when there was one. */
export function runKey(page: Page, press: KeyPress & { readonly target: EventTarget | null }): boolean {
  const target = press.target instanceof Element ? press.target : undefined;
  const open = page.ui.sheet.get() !== 'none' || page.ui.deleting.get() !== undefined;
  for (const command of PAGE_COMMANDS) {
    if (command.local || command.keys === undefined || !isEnabled(page, command)) continue;
    const keys = command.keys.find((one) => matches(one, press));
    if (keys === undefined) continue;
    if (open) return false;
    if (isSingleKey(keys)) {
      if (!page.ui.singleKeys.get() && keys !== 'Escape') continue;
      if (target?.closest(TEXT_FIELDS)) continue;
      if (keys === 'Space' && target?.closest(PRESSABLE)) continue;
    }
    command.run(page);
    return true;
  }
  return false;
}

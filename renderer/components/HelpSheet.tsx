/** Shortcuts and words: both made from the tables that the page itself uses. */

import { PAGE_COMMANDS } from '../commands/page-commands.ts';
import { bySection } from '../commands/registry.ts';
import { GLOSSARY } from '../words/glossary.ts';
import { useObservable, usePage } from './context.ts';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';
import { Key } from './Key.tsx';

export function HelpSheet() {
  const page = usePage();
  const singleKeys = useObservable(page.ui.singleKeys);
  const close = (): void => page.ui.sheet.set('none');
  const sections = bySection(PAGE_COMMANDS.filter((command) => command.keys !== undefined));
  return (
    <Dialog label="Shortcuts and words" className="help" onClose={close}>
      <div className="dialog-head">
        <h2>Shortcuts</h2>
        <label className="check">
          <input
            type="checkbox"
            checked={singleKeys}
            onChange={(event) => page.ui.singleKeys.set(event.target.checked)}
          />
          Keys without a modifier act everywhere
        </label>
        <button type="button" className="icon-button" aria-label="Close" onClick={close}>
          <Icon name="cross" />
        </button>
      </div>
      <div className="help-columns">
        {sections.map(({ section, commands }) => (
          <section key={section}>
            <h3>{section}</h3>
            <dl className="shortcuts">
              {commands.map((command) => (
                <div key={command.id}>
                  <dt>{command.title}</dt>
                  <dd>
                    {command.keys?.map((keys) => (
                      <Key key={keys} keys={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <h2>Words</h2>
      <dl className="glossary">
        {Object.values(GLOSSARY).map((entry) => (
          <div key={entry.title}>
            <dt>{entry.title}</dt>
            <dd>{entry.text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

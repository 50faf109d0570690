/** The command palette: everything the page can do, found by typing. Scenarios come first. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { search } from '../commands/registry.ts';
import { allCommands, isEnabled } from '../commands/run.ts';
import { useObservable, usePage } from './context.ts';
import { Dialog } from './Dialog.tsx';
import { Key } from './Key.tsx';
import { rovingTarget } from './roving.ts';

/** More rows than this are found faster by another letter. */
const MAX_SHOWN = 60;

export function CommandPalette() {
  const page = usePage();
  useObservable(page.store.status);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const close = (): void => page.ui.sheet.set('none');
  const found = search(
    allCommands(page).filter((command) => isEnabled(page, command)),
    query,
  ).slice(0, MAX_SHOWN);
  const current = Math.min(chosen, found.length - 1);

  useEffect(() => {
    list.current?.querySelector(`#command-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const run = (index: number): void => {
    const command = found[index];
    if (command === undefined) return;
    close();
    command.run(page);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      run(current);
      return;
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setChosen(rovingTarget(event.key, current, found.length) ?? 0);
  };
  return (
    <Dialog label="Commands" className="palette" onClose={close}>
      <input
        className="palette-input"
        type="text"
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls="command-list"
        aria-activedescendant={found.length > 0 ? `command-${current}` : undefined}
        placeholder="Phone call, declined…"
        autoFocus
        spellCheck={false}
        autoComplete="off"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" role="listbox" id="command-list" aria-label="Commands found" ref={list}>
        {found.map((command, index) => {
          const first = found[index - 1]?.section !== command.section && query === '';
          return (
            <div key={command.id} role="presentation">
              {first && <div className="palette-section">{command.section}</div>}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys act in the text field above */}
              <div
                id={`command-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === current}
                className={index === current ? 'palette-row chosen' : 'palette-row'}
                onPointerMove={() => setChosen(index)}
                onClick={() => run(index)}
              >
                <span>{command.title}</span>
                <span className="spacer" />
                {command.detail !== undefined && <span className="quiet">{command.detail}</span>}
                {command.keys?.[0] !== undefined && <Key keys={command.keys[0]} />}
                {query !== '' && <span className="quiet">{command.section}</span>}
              </div>
            </div>
          );
        })}
        {found.length === 0 && <p className="empty">No command has these words.</p>}
      </div>
    </Dialog>
  );
}

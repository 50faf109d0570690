/** The sidebar: the phone, what can be done to it, and the recordings. */
import { InjectPanel } from './InjectPanel.tsx';
import { PhonePanel } from './PhonePanel.tsx';
import { RecordingsPanel } from './RecordingsPanel.tsx';
import { ScenarioPanel } from './ScenarioPanel.tsx';

export function Sidebar() {
  return (
    <nav className="sidebar" aria-label="Phone, scenarios and recordings">
      <PhonePanel />
      <ScenarioPanel />
      <InjectPanel />
      <RecordingsPanel />
    </nav>
  );
}

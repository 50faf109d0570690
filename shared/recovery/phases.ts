/** The waterfall of an incident: each milestone's bar runs from the milestone before it in time, whatever their names. */
import type { Incident, Phase } from './incident.ts';

/** In order of time. The first milestone has no bar; several at one instant have bars of no length. */
export function phasesOf(incident: Incident): readonly Phase[] {
  return incident.milestones.flatMap((milestone, index) => {
    const before = incident.milestones[index - 1];
    return before === undefined ? [] : [{ milestone: milestone.name, from: before.at, to: milestone.at }];
  });
}

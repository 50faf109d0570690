/** Names of the rows in the gutter: short enough for a narrow window. */
import type { RowId } from '../timeline/layout.ts';
import type { TermName } from './glossary.ts';

export const LANE_TITLES: Readonly<Record<RowId, { readonly title: string; readonly term: TermName }>> = {
  userHearsAgent: { title: 'User hears agent', term: 'userHearsAgent' },
  agentHearsUser: { title: 'Agent hears user', term: 'agentHearsUser' },
  cause: { title: 'Cause', term: 'cause' },
  session: { title: 'Session', term: 'session' },
  interruption: { title: 'Interruption', term: 'interruption' },
  route: { title: 'Route', term: 'route' },
  callkit: { title: 'CallKit', term: 'callkit' },
  unit: { title: 'Audio unit', term: 'unit' },
  ice: { title: 'ICE', term: 'ice' },
  transport: { title: 'Transport', term: 'transport' },
  app: { title: 'App', term: 'app' },
  link: { title: 'Link', term: 'link' },
  levels: { title: 'Levels', term: 'levels' },
};

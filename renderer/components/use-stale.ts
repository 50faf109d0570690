import { useObservable, usePage } from './context.ts';

/** Is what stands on screen only the last that was heard? True while the probe of a live bench is not connected. */
export function useStale(): boolean {
  const { store } = usePage();
  useObservable(store.status);
  const view = useObservable(store.view);
  const connection = useObservable(store.connection);
  if (view.kind === 'recording') return false;
  const probe = store.benchInfo()?.devices.find((device) => device.role === 'probe');
  return connection.kind !== 'open' || (probe !== undefined && probe.link !== 'connected');
}

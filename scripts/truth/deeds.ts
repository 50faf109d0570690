/** What a truth run does to the phone: four kinds of incident, as plain steps with waits, injected without the scenario runner. */
export interface Step {
  readonly does: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** After this step, how long until the next. */
  readonly thenWaitMilliseconds: number;
}
export interface DeedKind {
  readonly name: string;
  readonly callKit: boolean;
  /** The uplink is cut outside the phone: the phone can only give an interval. */
  readonly onPath: boolean;
  readonly steps: readonly Step[];
}

export const DEED_KINDS: readonly DeedKind[] = [
  {
    name: 'phone call, declined',
    callKit: false,
    onPath: false,
    steps: [
      { does: 'phone.ring', thenWaitMilliseconds: 2000 },
      { does: 'phone.decline', thenWaitMilliseconds: 0 },
    ],
  },
  {
    name: 'Siri, dismissed',
    callKit: false,
    onPath: false,
    steps: [
      { does: 'siri.start', thenWaitMilliseconds: 1300 },
      { does: 'siri.end', thenWaitMilliseconds: 0 },
    ],
  },
  {
    name: 'CallKit hold, other call ended here',
    callKit: true,
    onPath: false,
    steps: [
      { does: 'callkit.otherCall.ring', thenWaitMilliseconds: 500 },
      { does: 'callkit.otherCall.holdAndAccept', thenWaitMilliseconds: 2500 },
      { does: 'callkit.otherCall.localEnd', thenWaitMilliseconds: 0 },
    ],
  },
  {
    name: 'path gone for 3 s',
    callKit: false,
    onPath: true,
    steps: [
      { does: 'path.blackhole', params: { direction: 'both' }, thenWaitMilliseconds: 3000 },
      { does: 'path.heal', thenWaitMilliseconds: 0 },
    ],
  },
];

/** The answer to "may a link be dialled now?", with the reason where it may not. */
export type OfflineReason =
  | 'powered-off'
  | 'radio-off'
  | 'no-sim'
  | 'sim-locked'
  | 'not-registered'
  | 'not-attached'
  | 'no-context'
  /** The network took the context; the host must bring one up again. */
  | 'context-lost'
  | 'not-joined'
  | 'no-address';

export type Reach = { state: 'online'; address: string } | { state: 'offline'; why: OfflineReason };

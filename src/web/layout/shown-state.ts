import type { State } from '../../secrets/records.ts'

/** The states that lists of secrets show: whether the sender has viewed a receipt is not one of them. */
export const SHOWN_STATES = ['new', 'received', 'burned', 'expired', 'orphaned'] as const

/** A state as lists show it. */
export type ShownState = (typeof SHOWN_STATES)[number]

/** Returns the state that lists show for a secret. */
export function shownState(state: State): ShownState {
  return state === 'viewed' ? 'new' : state
}

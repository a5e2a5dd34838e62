import { after, type Operation, type State } from '../specification.ts'

/**
 * What a secret may be on a store that fails over: one state, or several while a claim is not confirmed. Whoever made that claim was
 * answered 503.
 */
export type Unconfirmed = string

const OR = ' or '

/**
 * Returns what an operation may leave of a secret on a store whose failover undoes what replicas have not confirmed. Such a change
 * may be seen by a look, be gone again for the next one, and be confirmed or undone for good in the end: two nodes may even
 * take themselves for the master for a while. Claims and passphrase attempts are answered only when replicas have confirmed
 * everything that the answer follows from, so they settle it.
 */
export function afterUnconfirmed(unconfirmed: Unconfirmed, operation: Operation): readonly Unconfirmed[] {
  const possible = unconfirmed.split(OR) as State[]
  if (operation.answer === 'unclear') {
    return [anyOf(possible.flatMap((state) => after(state, operation)))]
  }
  const left = possible.flatMap((state) => after(state, operation))
  if (left.length === 0) return []
  const isLook = operation.call === 'peek' || operation.call === 'view'
  if (isLook || operation.answer === 'refused') return [unconfirmed]
  // While it can be claimed, an unclear claim may still come true.
  const isStillOpen = (state: State) => state === 'available' && possible.includes(state)
  return [...new Set(left)].map((state) => (isStillOpen(state) ? unconfirmed : state))
}

function anyOf(states: readonly State[]): Unconfirmed {
  return [...new Set(states)].toSorted().join(OR)
}

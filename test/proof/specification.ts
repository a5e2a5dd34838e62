/**
 * What one secret is and what each operation may answer: the sequential specification. It knows no store, no key and no clock.
 * Whoever observes a history asks it, for one order of the operations after another, whether that order explains the answers.
 */

/** Where a secret is in its life. `none`: never stored, withdrawn, or its receipt has expired too. */
export type Stage = 'none' | 'available' | 'received' | 'burned' | 'expired'

/** All there is to know of one secret. */
export interface SecretState {
  readonly stage: Stage
  /** Whether its sender has viewed the receipt while the secret was available. */
  readonly viewed: boolean
}

/** Before anything has happened. */
export const NO_SECRET: SecretState = { stage: 'none', viewed: false }

/**
 * What happens to a secret. `reveal` and `burn` come with the right passphrase where there is one, `guess` with a wrong one or
 * without. `view` is the sender's look at the receipt, `observe` a look that marks nothing. `expire` and `forget` are the passing
 * of its ttl and of twice its ttl; `withdraw` is what a failed creation does.
 */
export type Operation =
  | 'create'
  | 'withdraw'
  | 'reveal'
  | 'burn'
  | 'guess'
  | 'peek'
  | 'view'
  | 'observe'
  | 'expire'
  | 'forget'

/**
 * What the caller hears. `done`: it was stored, revealed, burned, or found to be available. `unknown`: `Unknown secret`.
 * `incorrect`: the passphrase is wrong, where that is told apart. `rate_limited`: too many requests or attempts. The others are the
 * state of a receipt.
 */
export type Answer =
  | 'done'
  | 'unknown'
  | 'incorrect'
  | 'rate_limited'
  | 'new'
  | 'viewed'
  | Exclude<Stage, 'none' | 'available'>

/** One way in which an operation may go. */
export interface Outcome {
  readonly answers: readonly Answer[]
  readonly after: SecretState
}

/** Returns how an operation goes in a state, if it is not refused for its rate. */
export function outcome(state: SecretState, operation: Operation): Outcome {
  const isAvailable = state.stage === 'available'
  const same = (...answers: Answer[]): Outcome => ({ answers, after: state })
  const moved = (stage: Stage): Outcome => ({ answers: ['done'], after: { ...state, stage } })
  switch (operation) {
    case 'create':
      return { answers: ['done'], after: { stage: 'available', viewed: false } }
    case 'withdraw':
    case 'forget':
      return moved('none')
    case 'reveal':
      return isAvailable ? moved('received') : same('unknown')
    case 'burn':
      return isAvailable ? moved('burned') : same('unknown')
    case 'guess':
      // A reveal does not tell a wrong passphrase from a secret that is gone.
      return isAvailable ? same('incorrect', 'unknown') : same('unknown')
    case 'peek':
      return same(isAvailable ? 'done' : 'unknown')
    case 'view':
      return { answers: [receiptOf(state)], after: isAvailable ? { ...state, viewed: true } : state }
    case 'observe':
      return same(receiptOf(state))
    case 'expire':
      return isAvailable ? moved('expired') : same('done')
  }
}

/**
 * Returns the states in which a secret may be after an operation.
 *
 * @param answer Undefined when the caller heard none, or that the server does not know: then it may have gone either way.
 * @returns Empty when the operation must not answer this in this state.
 */
export function statesAfter(
  state: SecretState,
  operation: Operation,
  answer: Answer | undefined,
): readonly SecretState[] {
  if (answer === 'rate_limited') return [state]
  const { answers, after } = outcome(state, operation)
  if (answer === undefined) return [state, after]
  return answers.includes(answer) ? [after] : []
}

function receiptOf({ stage, viewed }: SecretState): Answer {
  if (stage === 'none') return 'unknown'
  if (stage === 'available') return viewed ? 'viewed' : 'new'
  return stage
}

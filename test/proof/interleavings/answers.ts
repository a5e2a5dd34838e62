import { DomainError } from '../../../src/errors.ts'
import type { Receipt } from '../../../src/secrets/receipt.ts'
import type { State } from '../../../src/secrets/records.ts'
import type { Answer } from '../specification.ts'

const OF_STATES: Readonly<Record<State, Answer>> = {
  new: 'pending',
  viewed: 'pending',
  received: 'revealed',
  burned: 'burned',
  expired: 'expired',
  orphaned: 'wrong',
}

/** Returns what a receipt says, in the words of the specification. */
export function receiptAnswer({ state }: Pick<Receipt, 'state'>): Answer {
  return OF_STATES[state]
}

/** Returns what an error says, in the words of the specification. */
export function errorAnswer(error: unknown): Answer {
  if (!(error instanceof DomainError)) return 'wrong'
  switch (error.code) {
    case 'unknown_secret':
      return 'unknown'
    case 'incorrect_passphrase':
      return 'incorrect passphrase'
    case 'rate_limited':
    case 'overloaded':
    case 'client_disconnected':
      return 'refused'
    case 'store_unavailable':
      return 'unclear'
    default:
      return 'wrong'
  }
}

import type { Answer, Call } from '../proof/specification.ts'
import type { Seen, Try } from './ledger.ts'
import type { Outcome } from './requests.ts'

const UNKNOWN = 'Unknown secret'
const INCORRECT = 'Incorrect passphrase'

/** Returns what an answer to a claim means, by docs/api/v1.md section 5 and docs/api/v2.md section 5. */
export function seenIn(outcome: Outcome, action: Try['action'], value: string): Seen {
  if (outcome.kind !== 'answer') return outcome.kind
  const { status, body } = outcome
  if (status === 200 && action === 'burn') return 'burned'
  if (status === 200) return body['value'] === value ? 'value' : 'unexpected'
  const message = body['message'] ?? body['error']
  if (status === 404 && message === UNKNOWN) return 'unknown'
  if ((status === 404 || status === 422) && message === INCORRECT && action === 'guess') return 'incorrect'
  if (status === 503) return 'unavailable'
  return status === 429 ? 'limited' : 'unexpected'
}

const ANSWERS: Readonly<Record<Seen, Answer>> = {
  value: 'value',
  burned: 'burned',
  unknown: 'unknown',
  incorrect: 'incorrect passphrase',
  unavailable: 'unclear',
  limited: 'refused',
  // It never arrived.
  unreached: 'refused',
  cut: 'unclear',
  stuck: 'unclear',
  unexpected: 'wrong',
}

/** Returns what a claim was answered, in the words of the specification. */
export function answerOf(seen: Seen): Answer {
  return ANSWERS[seen]
}

/** Keys of a secret. */
export interface Keys {
  readonly secretKey: string
  readonly receiptKey: string
}

/** Returns the keys in the answer to a creation, if it was acknowledged. */
export function keysIn(outcome: Outcome): Keys | undefined {
  if (outcome.kind !== 'answer' || outcome.status !== 200) return undefined
  return {
    secretKey: String(outcome.body['secret_key']),
    receiptKey: String(outcome.body['metadata_key']),
  }
}

/** Returns the state in a receipt: `missing` when it is unknown, undefined when there was no such answer. */
export function stateIn(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'answer') return undefined
  if (outcome.status === 404) return 'missing'
  return outcome.status === 200 ? String(outcome.body['state']) : undefined
}

const STATES: Readonly<Record<string, Answer>> = {
  missing: 'unknown',
  new: 'pending',
  viewed: 'pending',
  received: 'revealed',
  burned: 'burned',
  expired: 'expired',
}

/** Returns what a request that claims nothing was answered, in the words of the specification. */
export function lookIn(outcome: Outcome, call: Exclude<Call, 'reveal' | 'burn' | 'attempt'>): Answer {
  if (outcome.kind === 'unreached') return 'refused'
  if (outcome.kind !== 'answer' || outcome.status === 503) return 'unclear'
  if (outcome.status === 429) return 'refused'
  if (call === 'view') return STATES[stateIn(outcome) ?? ''] ?? 'wrong'
  if (outcome.status === 200) return call === 'create' ? 'created' : 'available'
  return call === 'peek' && outcome.status === 404 ? 'unknown' : 'wrong'
}

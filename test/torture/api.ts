import type { Entry, Seen, Try } from './ledger.ts'
import type { Outcome } from './requests.ts'

const UNKNOWN = 'Unknown secret'
const INCORRECT = 'Incorrect passphrase'

/** Returns what an answer to a claim means, by docs/api/v1.md section 5. */
export function seenIn(outcome: Outcome, action: Try['action'], value: string): Seen {
  if (outcome.kind !== 'answer') return outcome.kind
  const { status, body } = outcome
  if (status === 200 && action === 'burn') return 'burned'
  if (status === 200) return body['value'] === value ? 'value' : 'unexpected'
  if (status === 404 && body['message'] === UNKNOWN) return 'unknown'
  if (status === 404 && body['message'] === INCORRECT && action === 'guess') return 'incorrect'
  if (status === 503) return 'unavailable'
  return status === 429 ? 'limited' : 'unexpected'
}

/** Returns the keys in the answer to a creation, if it was acknowledged. */
export function keysIn(outcome: Outcome): Pick<Entry, 'secretKey' | 'receiptKey'> | undefined {
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

import type { StoredPair } from '../../../src/secrets/records.ts'
import { receiptExpiry, secretExpiry } from '../../../src/secrets/records.ts'
import type { Claim, ClaimRequest } from '../../../src/secrets/store.ts'
import type { Milliseconds } from '../../../src/time.ts'
import { type Age, type Answer, after, type Call, type State } from '../specification.ts'
import { receiptAnswer } from './answers.ts'
import type { StepCall } from './parked.ts'
import type { History } from './store-calls.ts'

/** One call in the words of the specification. */
interface Said {
  readonly call: Call
  readonly answer: Answer
  readonly now: Milliseconds
}

/**
 * Judges the answers to calls that were made one after the other by the specification of a secret.
 *
 * @returns The calls whose answers it does not allow, with their answers.
 */
export function unspecified(history: History, answers: readonly unknown[]): unknown[] {
  const pairs = new Map<unknown, StoredPair>()
  const states = new Map<unknown, State>()
  return history.filter((call, index) => {
    const answer = answers[index]
    const [subject] = call.args
    const isCreation = call.name === 'secrets.create'
    if (isCreation) pairs.set((subject as StoredPair).id, subject as StoredPair)
    const id = isCreation ? (subject as StoredPair).id : subject
    const pair = pairs.get(id)
    if (pair === undefined) return false
    if (call.name === 'secrets.withdraw') states.set(id, 'none')
    const said = saidBy(call, answer)
    if (said === undefined) return false
    const [next] = after(states.get(id) ?? 'none', { ...said, ages: [ageOf(pair, said.now)] })
    if (next !== undefined) states.set(id, next)
    return next === undefined
  })
}

function ageOf({ receipt }: StoredPair, now: Milliseconds): Age {
  if (now < secretExpiry(receipt)) return 'unexpired'
  return now < receiptExpiry(receipt) ? 'expired' : 'forgotten'
}

/** Returns nothing for calls of which the specification does not speak. */
function saidBy({ name, args }: StepCall, answer: unknown): Said | undefined {
  switch (name) {
    case 'secrets.create':
      return { call: 'create', answer: answer === 0 ? 'created' : 'refused', now: args[1] as Milliseconds }
    case 'secrets.claim':
      return { ...claimSaid(args[1] as ClaimRequest, answer as Claim), now: args[2] as Milliseconds }
    case 'secrets.take': {
      const won = args[1] === 'burned' ? 'burned' : 'value'
      const call = args[1] === 'burned' ? 'burn' : 'reveal'
      return { call, answer: answer === true ? won : 'unknown', now: args[2] as Milliseconds }
    }
    case 'secrets.peek':
      return {
        call: 'peek',
        answer: answer === undefined ? 'unknown' : 'available',
        now: args[1] as Milliseconds,
      }
    case 'secrets.settle': {
      const shown = answer === undefined ? 'unknown' : receiptAnswer(answer as StoredPair['receipt'])
      return { call: 'view', answer: shown, now: args[2] as Milliseconds }
    }
    default:
      return undefined
  }
}

function claimSaid({ outcome }: ClaimRequest, { kind }: Claim): Omit<Said, 'now'> {
  const call = outcome === 'burned' ? 'burn' : 'reveal'
  switch (kind) {
    case 'claimed':
      return { call, answer: outcome === 'burned' ? 'burned' : 'value' }
    case 'gone':
      return { call, answer: 'unknown' }
    // The first step of a claim of a protected secret leaves it available.
    case 'protected':
    case 'passphrase_required':
      return { call: 'peek', answer: 'available' }
    default:
      return { call, answer: 'refused' }
  }
}

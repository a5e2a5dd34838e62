/**
 * The sequential specification of one secret: what each request must answer if requests came one after the other. Everything
 * else is judged by it: histories of real servers, and interleavings of the use cases. It says nothing of stores, servers or
 * time spent, and follows docs/api/v1.md, sections 4 to 6.
 */

/** What has become of a secret. Expiry is no state: it follows from the secret's age. */
export type State = 'none' | 'available' | 'revealed' | 'burned'

/** How old a secret is when a request takes effect: past its ttl it is expired, past twice that its receipt is too. */
export type Age = 'unexpired' | 'expired' | 'forgotten'

/** A request about the secret. */
export type Call =
  | 'create'
  /** By the secret key, with the right passphrase if it has one. */
  | 'reveal'
  /** By the receipt key, with the right passphrase if it has one. */
  | 'burn'
  /** To reveal or burn it with a wrong passphrase, or without the one that it has. */
  | 'attempt'
  /** Whether it can be revealed. */
  | 'peek'
  /** To view the receipt. */
  | 'view'

/** What a request answers, whichever version of the API it is in. */
export type Answer =
  | 'created'
  /** The secret itself. Any other content is `wrong`. */
  | 'value'
  | 'burned'
  /** `Unknown secret`. */
  | 'unknown'
  | 'incorrect passphrase'
  | 'available'
  /** The receipt says `new` or `viewed`. */
  | 'pending'
  /** The receipt says `received`. */
  | 'revealed'
  | 'expired'
  /** No request may be answered so: another secret's content, `orphaned`, an internal error. */
  | 'wrong'
  /** A rate limit: nothing was done. */
  | 'refused'
  /** No answer, or 503: it may have been done, or still be done at any time, or never. */
  | 'unclear'

/** A request with its answer. */
export interface Operation {
  readonly call: Call
  readonly answer: Answer
  /** The ages at which it may have taken effect: several if no clock tells. */
  readonly ages: readonly Age[]
}

/** What a request does to the secret. */
export interface Step {
  readonly state: State
  /** The only right answer. */
  readonly answer: Answer
}

/** Returns what a request does at once, alone and with nothing broken. */
export function step(state: State, call: Call, age: Age): Step {
  const isAvailable = state === 'available' && age === 'unexpired'
  switch (call) {
    case 'create':
      // Keys are drawn at random: that of another secret never comes again.
      return state === 'none' ? { state: 'available', answer: 'created' } : { state, answer: 'wrong' }
    case 'reveal':
      return isAvailable ? { state: 'revealed', answer: 'value' } : { state, answer: 'unknown' }
    case 'burn':
      return isAvailable ? { state: 'burned', answer: 'burned' } : { state, answer: 'unknown' }
    case 'attempt':
      return { state, answer: isAvailable ? 'incorrect passphrase' : 'unknown' }
    case 'peek':
      return { state, answer: isAvailable ? 'available' : 'unknown' }
    case 'view':
      return { state, answer: receiptOf(state, age) }
  }
}

function receiptOf(state: State, age: Age): Answer {
  if (state === 'none' || age === 'forgotten') return 'unknown'
  if (state !== 'available') return state
  return age === 'unexpired' ? 'pending' : 'expired'
}

/** Returns the states in which an operation may leave the secret: none if the answer is not allowed. */
export function after(state: State, { call, answer, ages }: Operation): readonly State[] {
  if (answer === 'wrong') return []
  if (answer === 'refused') return [state]
  const steps = ages.map((age) => step(state, call, age))
  if (answer === 'unclear') return [...new Set([state, ...steps.map((done) => done.state)])]
  return [...new Set(steps.filter((done) => done.answer === answer).map((done) => done.state))]
}

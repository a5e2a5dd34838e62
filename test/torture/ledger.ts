import { CONFIRMATION_TIMEOUT_MS } from '../../src/store/redis/replicas.ts'
import { FAULTS, type FaultName, isReplicated, type StoreName } from './faults.ts'

/** What a client has seen of one of its tries, by the contract in docs/api/v1.md sections 3 and 5. */
export type Seen =
  | 'value'
  | 'burned'
  | 'unknown'
  | 'incorrect'
  /** 503: come back later. The store may have made the claim and its reply been lost. */
  | 'unavailable'
  /** 429: nothing was done. */
  | 'limited'
  | 'unreached'
  | 'cut'
  | 'stuck'
  /** What no contract allows. */
  | 'unexpected'

/** One try of one client. */
export interface Try {
  readonly action: 'reveal' | 'burn' | 'guess'
  readonly seen: Seen
  /** Milliseconds since the start of the run. */
  readonly sent: number
  readonly ended: number
  /** The fault of the round. */
  readonly fault: FaultName
  /** Whether the client cut its connection itself. */
  readonly disconnected: boolean
  /** An answer that was not expected. */
  readonly detail?: string
}

/** The client's side of a secret whose creation was acknowledged. */
export interface Entry {
  /** Its number in the history. */
  readonly secret: number
  readonly value: string
  /** Empty for none. */
  readonly passphrase: string
  readonly secretKey: string
  readonly receiptKey: string
  /** Whether it may have expired: by which clocks is for the history to tell. */
  readonly expires: boolean
  readonly round: number
  /** When its creation was acknowledged, in the milliseconds of `performance.now()`. */
  readonly created: number
  readonly tries: Try[]
  /** The state that the receipt shows at the end: `missing` without a receipt, undefined without an answer. */
  state?: string | undefined
}

/** What has become of a secret. */
export type Verdict =
  | 'revealed'
  | 'burned'
  /** Nobody has got it within its ttl. */
  | 'expired'
  /** Nobody has got it, and it is not there. */
  | 'lost'
  /** It has had more than one winner. */
  | 'twice'
  /** Nobody has got it: a fault of ours cut the connection over which the answer came. */
  | 'forfeited'
  /** Nobody has got it: the store's reply came late or, by a fault of ours, not at all, and the server said 503. */
  | 'refused-in-doubt'
  /** It was called unknown before it was revealed or burned. */
  | 'denied'
  /** The receipt tells another story, or an answer was none of the contract's. */
  | 'unexpected'
  /** Nobody could tell within the time allowed. */
  | 'stuck'

/** Judges a secret after its last try. */
export function judge({ tries, state, expires }: Entry, store: StoreName): Verdict {
  const winners = tries.filter(({ seen }) => seen === 'value' || seen === 'burned')
  const [winner] = winners
  if (winners.length > 1) return 'twice'
  if (tries.some(({ action, seen }) => seen === 'unexpected' || (action === 'guess' && seen === 'value')))
    return 'unexpected'
  const denials = tries.filter(({ action, seen }) => action !== 'guess' && seen === 'unknown')
  if (winner !== undefined) {
    if (!expires && denials.some(({ ended }) => ended < winner.sent)) return 'denied'
    const right = winner.seen === 'value' ? 'received' : 'burned'
    if (state !== undefined && state !== right) return 'unexpected'
    return winner.seen === 'value' ? 'revealed' : 'burned'
  }
  if (denials.length === 0) return 'stuck'
  if (expires && (state === 'expired' || state === 'missing')) return 'expired'
  if (state !== 'received' && state !== 'burned') return 'lost'
  const claims = tries.filter(({ action }) => action !== 'guess')
  if (claims.some(mayHaveLostAnswer)) return 'forfeited'
  if (claims.some((claim) => mayHaveLostReply(claim, store))) return 'refused-in-doubt'
  return 'lost'
}

function mayHaveLostAnswer({ seen, fault, disconnected }: Try): boolean {
  return seen === 'cut' && (disconnected || FAULTS[fault].cutsAnswers)
}

// Replicas are late on a busy machine too, without a fault of ours.
function mayHaveLostReply({ seen, fault, sent, ended }: Try, store: StoreName): boolean {
  const isLate = isReplicated(store) && ended - sent >= CONFIRMATION_TIMEOUT_MS
  return seen === 'unavailable' && (FAULTS[fault].losesReplies || isLate)
}

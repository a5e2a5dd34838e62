import { after, type Operation, type State } from '../specification.ts'
import { agesOf, type HistoryLine, ttlOf } from './history.ts'
import { afterUnconfirmed, type Unconfirmed } from './unconfirmed.ts'

interface Request extends Operation {
  readonly from: number
  /** When it had taken effect; infinite when nobody knows whether it has. */
  readonly to: number
}

/** Returns what a request may leave of a secret: nothing if its answer is not allowed. */
type Transition<Known extends string> = (known: Known, request: Operation) => readonly Known[]

/**
 * Tells whether the requests about one secret could have taken effect one after the other, each between its call and its
 * answer, so that the specification allows each the answer that it had.
 *
 * @param lines All that was seen of one secret, in any order.
 */
export function isLinearizable(lines: readonly HistoryLine[]): boolean {
  return isOrderable<State>(lines, 'none', after)
}

/** Tells the same of a store whose failover may undo, after it was seen, what was never confirmed. */
export function isLinearizableUnlessUndone(lines: readonly HistoryLine[]): boolean {
  return isOrderable<Unconfirmed>(lines, 'none', afterUnconfirmed)
}

/**
 * Searches for the order as Wing and Gong (1993) do, who try one after another, with the memory of Lowe (2017) for what has been
 * tried.
 */
function isOrderable<Known extends string>(
  lines: readonly HistoryLine[],
  first: Known,
  transition: Transition<Known>,
): boolean {
  const requests = requestsOf(lines)
  const answered = requests.reduce(
    (set, { to }, at) => (to === Number.POSITIVE_INFINITY ? set : set | bit(at)),
    0n,
  )
  const tried = new Set<string>()
  const waiting: { readonly done: bigint; readonly state: Known }[] = [{ done: 0n, state: first }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { done, state } = next
    if ((answered & ~done) === 0n) return true
    const left = requests.flatMap((request, at) => ((done & bit(at)) === 0n ? [{ request, at }] : []))
    // What was called after another one was answered cannot have come before it.
    const firstAnswer = Math.min(...left.map(({ request }) => request.to))
    for (const { request, at } of left.toReversed()) {
      if (request.from > firstAnswer) continue
      for (const reached of transition(state, request)) {
        const attempt = { done: done | bit(at), state: reached }
        const key = `${attempt.done} ${reached}`
        if (!tried.has(key)) waiting.push(attempt)
        tried.add(key)
      }
    }
  }
  return false
}

/**
 * Sorts requests by their calls. Of those of a kind without an answer only the first is kept: each may take effect at any time
 * from its call on, at most one changes anything, and what a later one can do, the first can.
 */
function requestsOf(lines: readonly HistoryLine[]): Request[] {
  const ttl = ttlOf(lines)
  const unclear = new Set<string>()
  return lines
    .toSorted((a, b) => a.from - b.from)
    .filter(({ call, answer }) => {
      if (answer !== 'unclear') return true
      const isFirst = !unclear.has(call)
      unclear.add(call)
      return isFirst
    })
    .map((line) => {
      const to = line.answer === 'unclear' ? Number.POSITIVE_INFINITY : line.to
      return { call: line.call, answer: line.answer, ages: agesOf(line, ttl), from: line.from, to }
    })
}

function bit(at: number): bigint {
  return 1n << BigInt(at)
}

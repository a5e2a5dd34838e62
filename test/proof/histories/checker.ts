import { after, type Operation, type State } from '../specification.ts'
import { agesOf, type HistoryLine, ttlOf } from './history.ts'

interface Request extends Operation {
  readonly from: number
  /** When it had taken effect; infinite when nobody knows whether it has. */
  readonly to: number
}

/**
 * Tells whether the requests about one secret could have taken effect one after the other, each between its call and its
 * answer, so that the specification allows each the answer that it had. The search is that of Wing and Gong (1993), which tries
 * one order after another, with the memory of Lowe (2017) for what it has tried.
 *
 * @param lines All that was seen of one secret, in any order.
 */
export function isLinearizable(lines: readonly HistoryLine[]): boolean {
  const requests = requestsOf(lines)
  const answered = requests.reduce(
    (set, { to }, at) => (to === Number.POSITIVE_INFINITY ? set : set | bit(at)),
    0n,
  )
  const tried = new Set<string>()
  const waiting: { readonly done: bigint; readonly state: State }[] = [{ done: 0n, state: 'none' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { done, state } = next
    if ((answered & ~done) === 0n) return true
    const left = requests.flatMap((request, at) => ((done & bit(at)) === 0n ? [{ request, at }] : []))
    // What was called after another one was answered cannot have come before it.
    const firstAnswer = Math.min(...left.map(({ request }) => request.to))
    for (const { request, at } of left.toReversed()) {
      if (request.from > firstAnswer) continue
      for (const reached of after(state, request)) {
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

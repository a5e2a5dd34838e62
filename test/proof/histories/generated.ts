import type { SeededRandom } from '../../support/random.ts'
import { type Age, type Answer, type Call, type State, step } from '../specification.ts'
import type { HistoryLine } from './history.ts'

const CALLS: readonly Call[] = ['reveal', 'reveal', 'burn', 'attempt', 'peek', 'view']
const ANSWERS: Readonly<Record<Call, readonly Answer[]>> = {
  create: ['created'],
  reveal: ['value', 'unknown', 'unclear', 'refused'],
  burn: ['burned', 'unknown', 'unclear', 'refused'],
  attempt: ['incorrect passphrase', 'unknown', 'unclear'],
  peek: ['available', 'unknown', 'unclear'],
  view: ['pending', 'revealed', 'burned', 'expired', 'unknown', 'unclear'],
}
const SPAN_MS = 60

interface Planned {
  readonly call: Call
  readonly from: number
  readonly to: number
  /** When it takes effect; undefined for never. */
  readonly at: number | undefined
  readonly lost: 'answer' | 'nothing' | 'request'
}

/** Makes up what clients see of a secret on a server that does everything right, with many requests at once and some answers lost. */
export function rightHistory(random: SeededRandom, secret: number): HistoryLine[] {
  const ttl = 20 + random.below(80)
  const created = 1 + random.below(4)
  const creation: Planned = { call: 'create', from: 0, to: 5, at: created, lost: 'nothing' }
  const others = Array.from({ length: 2 + random.below(9) }, () => planRequest(random))
  let state: State = 'none'
  return [creation, ...others]
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .map(({ call, from, to, at, lost }): HistoryLine => {
      const line = { secret, call, from, to, server: 0, fault: 'none' }
      const age = [Math.max(0, from - 5), Math.max(to, at ?? to)] as const
      if (at === undefined) return { ...line, answer: random.chance(0.5) ? 'refused' : 'unclear', age }
      const done = step(state, call, ageAt(at - created, ttl))
      state = done.state
      const answer = lost === 'answer' ? 'unclear' : done.answer
      return call === 'create' ? { ...line, answer, ttl } : { ...line, answer, age }
    })
}

/** Makes up the same, and changes one answer to another one: mostly to a wrong one. */
export function damagedHistory(random: SeededRandom, secret: number): HistoryLine[] {
  const lines = rightHistory(random, secret)
  const victim = random.below(lines.length)
  return lines.map((line, at) => {
    return at === victim ? { ...line, answer: random.pick(ANSWERS[line.call]) } : line
  })
}

function planRequest(random: SeededRandom): Planned {
  const call = random.pick(CALLS)
  const from = 5 + random.below(SPAN_MS)
  const to = from + random.below(30)
  const fate = random.below(10)
  if (fate === 0) return { call, from, to, at: undefined, lost: 'request' }
  const isLate = fate === 1
  const at = from + random.below(isLate ? SPAN_MS : to - from + 1)
  return { call, from, to, at, lost: fate <= 2 ? 'answer' : 'nothing' }
}

function ageAt(age: number, ttl: number): Age {
  if (age < ttl) return 'unexpired'
  return age < 2 * ttl ? 'expired' : 'forgotten'
}

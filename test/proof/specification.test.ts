import { describe, expect, it } from 'vitest'
import { NO_SECRET, type Operation, outcome, type SecretState, statesAfter } from './specification.ts'

const AVAILABLE: SecretState = { stage: 'available', viewed: false }
const LATER: readonly Operation[] = [
  'withdraw',
  'reveal',
  'burn',
  'guess',
  'peek',
  'view',
  'observe',
  'expire',
  'forget',
]

describe('the sequential specification of a secret', () => {
  it('lets one reveal or burn of it succeed, whatever else happens in any order', () => {
    const orders = ordersOf(4)
    expect(orders).toHaveLength(LATER.length ** 4)
    const successes = orders.map((order) => claims(order).length)
    expect([...new Set(successes)].sort()).toEqual([0, 1])
  })

  it('lets a reveal succeed unless the secret was claimed, withdrawn or expired', () => {
    const endings = ['withdraw', 'reveal', 'burn', 'expire', 'forget']
    for (const order of ordersOf(3)) {
      const isOver = order.some((operation) => endings.includes(operation))
      expect(statesAfter(stateAfter(order), 'reveal', 'done')).toHaveLength(isOver ? 0 : 1)
    }
  })

  it('takes an operation without an answer to have happened or not', () => {
    expect(statesAfter(AVAILABLE, 'burn', undefined)).toEqual([AVAILABLE, { stage: 'burned', viewed: false }])
  })

  it('changes nothing by a request that is refused for its rate', () => {
    expect(statesAfter(AVAILABLE, 'reveal', 'rate_limited')).toEqual([AVAILABLE])
  })

  it('knows nothing of a secret before its creation', () => {
    for (const operation of ['reveal', 'burn', 'peek', 'view'] as const) {
      expect(statesAfter(NO_SECRET, operation, 'unknown')).toEqual([NO_SECRET])
    }
  })
})

function ordersOf(length: number): Operation[][] {
  if (length === 0) return [[]]
  return ordersOf(length - 1).flatMap((order) => LATER.map((operation) => [...order, operation]))
}

function stateAfter(order: readonly Operation[]): SecretState {
  return order.reduce((state, operation) => outcome(state, operation).after, AVAILABLE)
}

function claims(order: readonly Operation[]): Operation[] {
  return order.filter((operation, index) => {
    const state = stateAfter(order.slice(0, index))
    const isClaim = operation === 'reveal' || operation === 'burn'
    return isClaim && outcome(state, operation).answers.includes('done')
  })
}

import { expect, test } from 'vitest'
import { describe as describeComparison } from './report.ts'
import { interleave } from './rounds.ts'
import { judge, median } from './samples.ts'

const samples = {
  ours: [{ rate: 80 }, { rate: 300 }, { rate: 95 }],
  least: [{ rate: 100 }, { rate: 600 }, { rate: 100 }],
}

test('takes a ratio within each round, and the median of the ratios', () => {
  const goal = { metric: 'rate', of: 'ours', to: 'least', bound: { atLeast: 0.9 } } as const
  const comparison = { title: 'create', samples, goals: [goal] }
  expect(judge(comparison, goal)).toEqual({ values: [0.8, 0.5, 0.95], value: 0.8, reached: false })
  expect(describeComparison(comparison)).toContain(
    'req/s: ours / least = 0.80 (0.80 0.50 0.95), wanted at least 0.9: MISSED',
  )
})

test('judges a figure by itself against a maximum', () => {
  const goal = { metric: 'rate', of: 'ours', bound: { atMost: 95 } } as const
  expect(judge({ title: 'create', samples, goals: [] }, goal)).toMatchObject({ value: 95, reached: true })
})

test('has no median of nothing', () => {
  expect(median([])).toBeNaN()
  expect(median([3, 1])).toBe(2)
  expect(median([5, 3, 1])).toBe(3)
})

test('begins each round with another subject', async () => {
  const order: string[] = []
  const turn = (name: string) => async () => {
    order.push(name)
    return { create: { rate: order.length } }
  }
  const measured = await interleave(2, { a: turn('a'), b: turn('b') })
  expect(order).toEqual(['a', 'b', 'b', 'a'])
  expect(measured).toEqual({ create: { a: [{ rate: 1 }, { rate: 4 }], b: [{ rate: 2 }, { rate: 3 }] } })
})

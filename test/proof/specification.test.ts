import { expect, it } from 'vitest'
import { type Age, type Answer, after, type Call, type State, step } from './specification.ts'

const CALLS: readonly Call[] = ['reveal', 'burn', 'attempt', 'peek', 'view']

/** What each of the calls answers, in their order. */
const ANSWERS: readonly [State, Age, ...Answer[]][] = [
  ['none', 'unexpired', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['available', 'unexpired', 'value', 'burned', 'incorrect passphrase', 'available', 'pending'],
  ['available', 'expired', 'unknown', 'unknown', 'unknown', 'unknown', 'expired'],
  ['available', 'forgotten', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['revealed', 'unexpired', 'unknown', 'unknown', 'unknown', 'unknown', 'revealed'],
  ['burned', 'unexpired', 'unknown', 'unknown', 'unknown', 'unknown', 'burned'],
]

it.each(ANSWERS)('answers each request about a secret that is %s and %s as the API says', (...row) => {
  const [state, age, ...answers] = row
  expect(CALLS.map((call) => step(state, call, age).answer)).toEqual(answers)
})

it('lets only creation, reveal and burn change a secret', () => {
  const changes = (['none', 'available', 'revealed', 'burned'] as const).flatMap((state) =>
    (['create', ...CALLS] as const)
      .map((call) => ({ call, from: state, to: step(state, call, 'unexpired').state }))
      .filter(({ from, to }) => from !== to),
  )
  expect(changes).toEqual([
    { call: 'create', from: 'none', to: 'available' },
    { call: 'reveal', from: 'available', to: 'revealed' },
    { call: 'burn', from: 'available', to: 'burned' },
  ])
})

it('allows each right answer, no wrong one, and both ends of a request without an answer', () => {
  const reveal = (answer: Answer, ...ages: Age[]) =>
    after('available', { call: 'reveal', answer, ages: ages.length === 0 ? ['unexpired'] : ages })
  expect(reveal('value')).toEqual(['revealed'])
  expect(reveal('unknown')).toEqual([])
  expect(reveal('wrong')).toEqual([])
  expect(reveal('refused')).toEqual(['available'])
  expect(reveal('unclear')).toEqual(['available', 'revealed'])
  expect(reveal('value', 'expired')).toEqual([])
  expect(reveal('unknown', 'unexpired', 'expired')).toEqual(['available'])
  expect(after('available', { call: 'create', answer: 'created', ages: ['unexpired'] })).toEqual([])
})

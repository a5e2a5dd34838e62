import { describe, expect, it } from 'vitest'
import { FAULTS_OF, STORES } from './faults.ts'
import { planRound } from './plan.ts'

const plan = (seed: number, rounds = 20) =>
  Array.from({ length: rounds }, (_, at) => planRound(seed, 'redis', at))

describe('the plan of a torture run', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(plan(7)).toEqual(plan(7))
    expect(plan(7)).not.toEqual(plan(8))
    expect(planRound(7, 'lmdb', 3)).not.toEqual(planRound(7, 'redis', 3))
  })

  it.each(STORES)('has every fault of %s before any comes again', (store) => {
    const faults = FAULTS_OF[store]
    for (const cycle of [0, 1, 2]) {
      const names = faults.map((_, at) => planRound(1, store, cycle * faults.length + at).fault.name)
      expect(names.toSorted()).toEqual([...faults].sort())
    }
  })

  it('has readers, burners, guesses and views, protected secrets, and some that outlive their round', () => {
    const secrets = plan(1).flatMap((round) => round.secrets)
    const clients = secrets.flatMap((secret) => secret.clients)
    expect(new Set(clients.map(({ action }) => action))).toEqual(new Set(['reveal', 'burn', 'guess', 'view']))
    expect(clients.some(({ cutAfterMs }) => cutAfterMs !== undefined)).toBe(true)
    for (const is of [true, false]) {
      expect(secrets.some(({ locked }) => locked === is)).toBe(true)
      expect(secrets.some(({ sleeps }) => sleeps === is)).toBe(true)
      expect(secrets.some(({ afterMs }) => afterMs > 0 === is)).toBe(true)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { FAULTS_OF, STORES } from './faults.ts'
import { planRound, planWave } from './plan.ts'

const plan = (seed: number, rounds = 20) =>
  Array.from({ length: rounds }, (_, at) => planRound({ seed, store: 'redis', density: 1 }, at))

describe('the plan of a torture run', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(plan(7)).toEqual(plan(7))
    expect(plan(7)).not.toEqual(plan(8))
    const [onLmdb, onRedis] = (['lmdb', 'redis'] as const).map((store) =>
      planRound({ seed: 7, store, density: 1 }, 3),
    )
    expect(onLmdb).not.toEqual(onRedis)
  })

  it.each(STORES)('has every fault of %s before any comes again', (store) => {
    const faults = FAULTS_OF[store]
    for (const cycle of [0, 1, 2]) {
      const names = faults.map(
        (_, at) => planRound({ seed: 1, store, density: 1 }, cycle * faults.length + at).fault.name,
      )
      expect(names.toSorted()).toEqual([...faults].sort())
    }
  })

  it('has readers, burners, guesses and views, protected secrets, and some that outlive their round', () => {
    const secrets = plan(1).flatMap((round) => round.secrets)
    const clients = secrets.flatMap((secret) => secret.clients)
    expect(new Set(clients.map(({ action }) => action))).toEqual(
      new Set(['reveal', 'burn', 'guess', 'peek', 'view']),
    )
    expect(clients.some(({ cutAfterMs }) => cutAfterMs !== undefined)).toBe(true)
    for (const is of [true, false]) {
      expect(secrets.some(({ hasPassphrase }) => hasPassphrase === is)).toBe(true)
      expect(secrets.some(({ sleeps }) => sleeps === is)).toBe(true)
      expect(secrets.some(({ afterMs }) => afterMs > 0 === is)).toBe(true)
    }
  })

  it('goes on with waves of secrets, old and new, for as long as a fault does', () => {
    const options = { seed: 1, store: 'redis', density: 2 } as const
    const waves = [1, 2, 3].map((wave) => planWave(options, 5, wave))
    expect(waves).toEqual([1, 2, 3].map((wave) => planWave(options, 5, wave)))
    expect(waves[0]).not.toEqual(waves[1])
    for (const { secrets, wakers } of waves) {
      expect(secrets).toHaveLength(8)
      expect(wakers.map((clients) => clients.length).every((count) => count > 0)).toBe(true)
    }
  })
})

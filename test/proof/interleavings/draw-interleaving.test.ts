import { expect, it } from 'vitest'
import { BROKEN_STORES } from './broken-stores.ts'
import { drawInterleaving } from './draw-interleaving.ts'
import { createSamples } from './sample.ts'

const RUNS = 20
/** `INTERLEAVINGS_SEED` repeats what a failure reported. */
const SEED = process.env['INTERLEAVINGS_SEED'] ?? String(Date.now() % 1_000_000)
/** The same each time, and chosen so that every step and number of faults is among them. */
const CHOSEN_SEED = 'chosen'
const CHOSEN_RUNS = 30

it(`holds every promise in ${RUNS} new interleavings of 6 to 8 clients with up to 4 faults`, async () => {
  const samples = await createSamples()
  for (let run = 0; run < RUNS; run += 1) await drawInterleaving(`${SEED}/${run}`, samples)
})

it('draws every kind of step and every number of faults', async () => {
  const samples = await createSamples()
  const names = new Set<string>()
  const faults = new Set<number>()
  for (let run = 0; run < CHOSEN_RUNS; run += 1) {
    const world = await drawInterleaving(`${CHOSEN_SEED}/${run}`, samples)
    for (const { taken } of world.clients) for (const { name } of taken) names.add(name)
    faults.add(world.faults)
  }
  expect([...faults].sort()).toEqual([0, 1, 2, 3, 4])
  expect([...names].sort()).toEqual([
    'accounts.remember',
    'hash',
    'imports.findAlias',
    'rates.take',
    'secrets.claim',
    'secrets.clearAttempts',
    'secrets.countAttempts',
    'secrets.create',
    'secrets.peek',
    'secrets.setMemo',
    'secrets.settle',
    'secrets.settleAll',
    'secrets.take',
    'secrets.withdraw',
  ])
})

it('finds a mistake again by the seed that its failure names', async () => {
  const samples = await createSamples()
  const [{ broken }] = BROKEN_STORES
  const failureOf = async (seed: string) =>
    drawInterleaving(seed, samples, broken).then(
      () => undefined,
      (error: Error) => error.message,
    )
  let run = 0
  let failure: string | undefined
  while (failure === undefined) {
    run += 1
    failure = await failureOf(`${SEED}/${run}`)
  }
  expect(failure).toContain(`seed ${SEED}/${run}`)
  expect(await failureOf(`${SEED}/${run}`)).toBe(failure)
})

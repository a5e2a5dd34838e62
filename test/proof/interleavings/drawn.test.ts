import { expect, it } from 'vitest'
import { BROKEN_STORES } from './broken-stores.ts'
import { drawInterleaving } from './draw.ts'
import { createSamples } from './sample.ts'

const RUNS = 120
/** `INTERLEAVINGS_SEED` repeats what a failure reported. */
const SEED = process.env['INTERLEAVINGS_SEED'] ?? String(Date.now() % 1_000_000)

it(`holds every promise in ${RUNS} interleavings of 6 to 8 clients with up to 4 faults`, async () => {
  const samples = await createSamples()
  const kinds = new Set<string>()
  const faults = new Set<number>()
  for (let run = 0; run < RUNS; run += 1) {
    const world = await drawInterleaving(`${SEED}/${run}`, samples)
    for (const { taken } of world.clients) for (const { name } of taken) kinds.add(name)
    faults.add(world.faults)
  }
  expect([...faults].sort()).toEqual([0, 1, 2, 3, 4])
  expect([...kinds].sort()).toEqual([
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

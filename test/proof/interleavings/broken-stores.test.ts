import { beforeAll, describe, expect, it } from 'vitest'
import { BrokenPromise } from './broken-promise.ts'
import { BROKEN_STORES } from './broken-stores.ts'
import { explore } from './explore.ts'
import { PROMISES } from './promises.ts'
import { createSamples } from './sample.ts'

describe('the enumeration of interleavings finds that', () => {
  let samples: Awaited<ReturnType<typeof createSamples>>
  beforeAll(async () => {
    samples = await createSamples()
  })

  it.each(BROKEN_STORES)('$title', async ({ promise, cast, scenario, broken }) => {
    const clients = cast.map((kind) => ({ kind }))
    const sample = samples[scenario.secret]
    const explored = explore({ ...scenario, clients, broken }, { sample, reduction: 'nothing' })
    await expect(explored).rejects.toThrow(BrokenPromise)
    await expect(explored).rejects.toMatchObject({ promises: expect.arrayContaining([promise]) })
  })
})

it('has a broken store for each of the promises', () => {
  const broken = new Set(BROKEN_STORES.map(({ promise }) => promise))
  expect([...broken].sort()).toEqual(Object.keys(PROMISES).sort())
})

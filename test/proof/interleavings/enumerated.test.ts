import { expect, it } from 'vitest'
import { catalogueOf } from './catalogue.ts'
import { explore } from './explore.ts'
import { createSamples } from './sample.ts'
import { type Scenario, titleOf } from './scenario.ts'

const FOUR: readonly Scenario[] = [
  {
    secret: 'protected',
    clients: [kind('reader'), kind('reader'), kind('burner'), kind('guesser')],
    faults: 0,
  },
  { secret: 'plain', clients: [kind('reader'), kind('burner'), kind('viewer'), kind('peeker')], faults: 1 },
  {
    secret: 'protected',
    clients: [kind('sender'), kind('reader'), kind('burner'), kind('viewer')],
    faults: 1,
  },
]

it.each([
  { name: 'up to two clients with up to two faults', scenarios: catalogueOf({ clients: 2, faults: 2 }) },
  { name: 'four clients', scenarios: FOUR },
])('holds every promise in all interleavings of $name', async ({ name, scenarios }) => {
  const samples = await createSamples()
  const counted: [string, bigint][] = []
  for (const scenario of scenarios) {
    const sample = samples[scenario.secret]
    const explored = await explore(scenario, { sample, reduction: 'known states and equal choices' })
    counted.push([titleOf(scenario), explored.interleavings])
  }
  const total = counted.reduce((sum, [, interleavings]) => sum + interleavings, 0n)
  console.log(`${total} interleavings of ${name}, in ${counted.length} scenarios`)
  expect(counted.filter(([, interleavings]) => interleavings === 0n)).toEqual([])
  expect(total).toBeGreaterThan(1000n)
})

function kind<Kind extends Scenario['clients'][number]['kind']>(name: Kind) {
  return { kind: name }
}

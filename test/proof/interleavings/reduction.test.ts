import { describe, expect, it } from 'vitest'
import type { Reduction } from './choice.ts'
import { explore } from './explore.ts'
import { createSamples, EXPIRY } from './sample.ts'
import { type Scenario, titleOf } from './scenario.ts'
import type { World } from './world.ts'

const SMALL: readonly Scenario[] = [
  { secret: 'plain', clients: [{ kind: 'reader' }, { kind: 'reader' }, { kind: 'viewer' }], faults: 1 },
  { secret: 'plain', clients: [{ kind: 'reader' }, { kind: 'burner' }, { kind: 'peeker' }], faults: 1 },
  { secret: 'protected', clients: [{ kind: 'reader' }, { kind: 'burner' }], faults: 1 },
  { secret: 'protected', clients: [{ kind: 'reader' }, { kind: 'reader' }, { kind: 'guesser' }], faults: 0 },
  { secret: 'protected', clients: [{ kind: 'guesser' }, { kind: 'burner' }], faults: 2, limit: 1 },
  { secret: 'plain', clients: [{ kind: 'reader' }, { kind: 'viewer' }], faults: 1, ticks: [EXPIRY] },
  { secret: 'protected', clients: [{ kind: 'reader' }, { kind: 'guesser' }], faults: 0, ticks: [EXPIRY] },
  { secret: 'protected', clients: [{ kind: 'sender' }, { kind: 'reader' }], faults: 2 },
  { secret: 'protected', clients: [crowded('reader'), crowded('burner')], faults: 1 },
]

describe.each(SMALL.map((scenario) => ({ title: titleOf(scenario), scenario })))('$title', ({ scenario }) => {
  it('has the same interleavings, counted, when known states are left out', async () => {
    const all = await enumerate(scenario, 'nothing')
    const reduced = await enumerate(scenario, 'known states')
    expect(reduced.interleavings).toBe(all.interleavings)
    expect(all.interleavings).toBe(BigInt(all.runs))
    expect(reduced.seen).toEqual(all.seen)
    expect(reduced.runs).toBeLessThanOrEqual(all.runs)
  })

  it('has the same answers and endings when equal choices are left out too', async () => {
    const all = await enumerate(scenario, 'known states')
    const reduced = await enumerate(scenario, 'known states and equal choices')
    expect(reduced.seen).toEqual(all.seen)
    expect(reduced.runs).toBeLessThanOrEqual(all.runs)
  })
})

async function enumerate(scenario: Scenario, reduction: Reduction) {
  const samples = await createSamples()
  const seen = new Set<string>()
  const onState = (world: World) => {
    for (const each of observationsOf(world)) seen.add(each)
  }
  const explored = await explore(scenario, { sample: samples[scenario.secret], reduction, onState })
  return { ...explored, seen: [...seen].sort() }
}

/** Returns what can be seen of a world: each answer with the steps that led to it, and how it stands with the secret when nobody can go on. */
function observationsOf({ clients, watch, memory, keys }: World): string[] {
  const answers = clients
    .filter(({ answer }) => answer !== undefined)
    .map(({ plan, taken, answer, error }) => {
      const steps = taken.map(({ name, heard, claimed }) => `${name} ${heard} ${claimed}`)
      return `${plan.kind}: ${steps.join()}: ${answer} ${String(error)}`
    })
  if (clients.some(({ parked, phase }) => parked !== undefined || phase === 'idle')) return answers
  const states = [...memory.pairs.values()].map(
    ({ receipt, secret }) => `${receipt.state} ${secret !== undefined}`,
  )
  return [...answers, `${states} ${watch.claimedAs} ${watch.winners} ${keys !== undefined}`]
}

function crowded(kind: 'reader' | 'burner') {
  return { kind, server: 1, network: '192.0.2.1' }
}

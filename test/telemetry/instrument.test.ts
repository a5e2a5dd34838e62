import { describe, expect, it } from 'vitest'
import { DomainError } from '../../src/errors.ts'
import type { RateStore } from '../../src/limits/rates.ts'
import type { Store } from '../../src/store/store.ts'
import { timeStore } from '../../src/telemetry/instrument.ts'
import { milliseconds, seconds } from '../../src/time.ts'

const LIMIT = { limit: 1, windowMs: milliseconds(1000) }
const NOW = milliseconds(0)

/** A rate store with its state in a private field, which only methods called on the object itself can reach. */
class ClassRateStore implements RateStore {
  #taken = 0

  async take() {
    this.#taken += 1
    if (this.#taken > 2) throw new DomainError('store_unavailable')
    return seconds(this.#taken)
  }
}

/** A store of which only what these tests use is there. */
class ClassStore {
  readonly rates = new ClassRateStore()
  readonly secrets = {}
  readonly imports = {}
  readonly accounts = {}
  readonly #warnings = ['a warning']
  closed = false

  async ready() {}

  async warnings() {
    return this.#warnings
  }

  async close() {
    this.closed = true
  }
}

describe('a timed store', () => {
  it('keeps the methods and private state of a store that is a class', async () => {
    const store = new ClassStore()
    const timed = timeStore(store as unknown as Store, { stored: () => undefined })
    expect(await timed.rates.take({ bucket: 'bucket', limit: LIMIT }, NOW)).toBe(1)
    expect(await timed.rates.take({ bucket: 'bucket', limit: LIMIT }, NOW)).toBe(2)
    await expect(timed.ready()).resolves.toBeUndefined()
    expect(await timed.warnings()).toEqual(['a warning'])
    await timed.close()
    expect(store.closed).toBe(true)
  })

  it('records each operation by name, with its outcome and seconds', async () => {
    const recorded: [operation: string, outcome: string][] = []
    const timed = timeStore(new ClassStore() as unknown as Store, {
      stored(operation, outcome, took) {
        expect(took).toBeGreaterThanOrEqual(0)
        recorded.push([operation, outcome])
      },
    })
    await timed.rates.take({ bucket: 'bucket', limit: LIMIT }, NOW)
    await timed.rates.take({ bucket: 'bucket', limit: LIMIT }, NOW)
    await expect(timed.rates.take({ bucket: 'bucket', limit: LIMIT }, NOW)).rejects.toThrow(
      'store_unavailable',
    )
    expect(recorded).toEqual([
      ['rates.take', 'ok'],
      ['rates.take', 'ok'],
      ['rates.take', 'store_unavailable'],
    ])
  })
})

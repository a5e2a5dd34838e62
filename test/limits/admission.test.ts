import { describe, expect, it } from 'vitest'
import { createAdmission, UNLIMITED } from '../../src/limits/admission.ts'
import { milliseconds, seconds } from '../../src/time.ts'

const QUOTA = { bucket: 'caller', limit: { limit: 1, windowMs: milliseconds(60_000) } }
const NOW = milliseconds(5)

/** Creates an admission by a store that answers every request with the same wait, and lists what it counted. */
function admission(wait: number) {
  const counted: unknown[] = []
  const take = async (...call: unknown[]) => {
    counted.push(call)
    return seconds(wait)
  }
  return { ...createAdmission({ take }, QUOTA, () => NOW), counted }
}

describe('the admission of a request', () => {
  it('is counted once, however often it is asked for', async () => {
    const { count, passOn, counted } = admission(0)
    await count()
    await count()
    expect(passOn()).toBeUndefined()
    expect(counted).toEqual([[QUOTA, NOW]])
  })

  it('is left to the store step that it was passed on to', async () => {
    const { count, passOn, counted } = admission(7)
    expect(passOn()).toBe(QUOTA)
    expect(passOn()).toBeUndefined()
    await count()
    expect(counted).toEqual([])
  })

  it('is rejected with the wait beyond the limit, and asked for only once', async () => {
    const { count, counted } = admission(7)
    await expect(count()).rejects.toMatchObject({ code: 'rate_limited', detail: { retryAfter: 7 } })
    await count()
    expect(counted).toHaveLength(1)
  })

  it('counts as several if asked to, of which the limit is the maximum', async () => {
    const { count, maximum, counted } = admission(0)
    expect(maximum).toBe(1)
    await count(3)
    await count(3)
    expect(counted).toEqual([[{ ...QUOTA, requests: 3 }, NOW]])
  })

  it('counts nothing where nothing is limited', async () => {
    await UNLIMITED.count(1_000_000)
    expect(UNLIMITED.maximum).toBe(Number.POSITIVE_INFINITY)
    expect(UNLIMITED.passOn()).toBeUndefined()
  })
})

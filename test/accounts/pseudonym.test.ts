import { describe, expect, it } from 'vitest'
import { pseudonymOf, pseudonymsOf } from '../../src/accounts/pseudonym.ts'
import { accountIds } from '../../src/accounts/tokens.ts'
import { OTHER_ROOT_KEY, ROOT_KEY } from '../support/root-keys.ts'
import { ringOf } from '../vectors/vectors.ts'

const EMAIL = 'ana@example.com'

describe('the pseudonym of an account', () => {
  it('is the same for every spelling of its email address, and different for every account', () => {
    const ring = ringOf(ROOT_KEY)
    expect(pseudonymOf(ring, EMAIL)).toMatch(/^[\w-]{16}$/)
    expect(pseudonymOf(ring, ' ANA@Example.com')).toBe(pseudonymOf(ring, EMAIL))
    expect(pseudonymOf(ring, 'bo@example.com')).not.toBe(pseudonymOf(ring, EMAIL))
  })

  it('depends on the newest root key, so that without it no list of addresses undoes it', () => {
    expect(pseudonymOf(ringOf(OTHER_ROOT_KEY, ROOT_KEY), EMAIL)).not.toBe(
      pseudonymOf(ringOf(ROOT_KEY), EMAIL),
    )
  })

  it('is still found after a rotation, as long as the older root key is in the ring', () => {
    const before = pseudonymOf(ringOf(ROOT_KEY), EMAIL)
    const rotated = ringOf(OTHER_ROOT_KEY, ROOT_KEY)
    expect(pseudonymsOf(rotated, EMAIL)).toEqual([pseudonymOf(rotated, EMAIL), before])
  })

  it('is no part of the id under which the account is stored', () => {
    const ring = ringOf(ROOT_KEY)
    expect(accountIds(ring, EMAIL)[0]).not.toContain(pseudonymOf(ring, EMAIL))
  })
})

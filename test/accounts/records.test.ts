import { describe, expect, it } from 'vitest'
import { parseAccountId } from '../../src/accounts/records.ts'
import { accountIdOf } from '../../src/accounts/tokens.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'

describe('parseAccountId', () => {
  it('accepts an account id', () => {
    const id = accountIdOf(createKeyRing([Buffer.alloc(32)]).current, 'me@example.com')
    expect(parseAccountId(id)).toBe(id)
  })

  it.each(['', 'a'.repeat(21), 'a'.repeat(23), `${'a'.repeat(21)}:`, `${'a'.repeat(22)}\n`])(
    'returns undefined for the malformed account id %j',
    (text) => {
      expect(parseAccountId(text)).toBeUndefined()
    },
  )
})

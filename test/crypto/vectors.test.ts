import { describe, expect, it } from 'vitest'
import { accountIdOf, canonicalEmail, hashToken } from '../../src/accounts/tokens.ts'
import { derive } from '../../src/crypto/derive.ts'
import { argon2ParametersOf } from '../../src/crypto/envelope.ts'
import { createPassphraseHasher, type Stretched } from '../../src/crypto/passphrase.ts'
import { recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { openDetails, sealDetails } from '../../src/secrets/receipt-details.ts'
import { openMessage, sealMessage } from '../../src/secrets/secret.ts'
import { bad, bytes, derivations, good, ringOf } from '../vectors/vectors.ts'

const hasher = createPassphraseHasher({ memory: 8, time: 1 }, 1, 100)

describe('derivations of SPEC 1 and 2', () => {
  it.each(derivations.roots)('names root key $rootKey $rootId', ({ rootKey, rootId }) => {
    expect(ringOf(rootKey).current.id).toBe(rootId)
  })

  it.each(derivations.pairs)('leads from $receiptKey to $secretKey and $id', (pair) => {
    expect(secretKeyOf(pair.receiptKey)).toBe(pair.secretKey)
    expect(recordIdOf(pair.secretKey)).toBe(pair.id)
  })

  it.each(derivations.derived)('derives $label from $parts', ({ rootKey, label, parts, output }) => {
    expect(derive(ringOf(rootKey).current.key, label, ...parts.map(bytes)).toString('hex')).toBe(output)
  })

  it.each(derivations.accounts)('finds the account of $given', ({ rootKey, given, ...account }) => {
    const root = ringOf(rootKey).current
    for (const text of given) expect(canonicalEmail(text)).toBe(account.email)
    expect(accountIdOf(root, account.email)).toBe(account.accountId)
    expect(hashToken(root, account.accountId, account.token).toString('hex')).toBe(account.tokenHash)
  })
})

describe('good vectors', () => {
  it.each(good.messages)('a message opens, and is sealed to the same bytes: $name', async (vector) => {
    const { rootKey, secretKey, passphrases, sealed, value, shareDomain, ...binding } = vector
    const ring = ringOf(rootKey)
    const message = { value, shareDomain: shareDomain === '' ? undefined : shareDomain }
    for (const passphrase of passphrases.length === 0 ? [''] : passphrases) {
      const stretched = await stretchFor(bytes(sealed), passphrase)
      expect(openMessage(ring, secretKey, stretched, bytes(sealed), binding)).toEqual(message)
      expect(sealMessage(ring, secretKey, stretched, message, binding).toString('hex')).toBe(sealed)
    }
  })

  it.each(good.details)('details open: $name', ({ rootKey, receiptKey, sealed, details, ...binding }) => {
    const ring = ringOf(rootKey)
    expect(openDetails(ring, receiptKey, bytes(sealed), binding)).toEqual(details)
    const resealed = sealDetails(ring, receiptKey, details, binding)
    expect(resealed?.toString('hex')).toBe(Object.keys(details).length === 0 ? undefined : sealed)
  })
})

describe('bad vectors', () => {
  it.each(bad.messages)('a message stays shut, $expect: $name', async (vector) => {
    const { rootKey, secretKey, passphrase, sealed, ...binding } = vector
    const attempt = async () => {
      const stretched = await stretchFor(bytes(sealed), passphrase)
      return openMessage(ringOf(rootKey), secretKey, stretched, bytes(sealed), binding)
    }
    if (vector.expect === 'closed') expect(await attempt()).toBeUndefined()
    else await expect(attempt()).rejects.toMatchObject({ code: 'unreadable_record' })
  })

  it.each(bad.messages.filter((vector) => vector.expect === 'refused'))(
    'a header is refused before any hashing: $name',
    ({ sealed }) => {
      expect(() => argon2ParametersOf(bytes(sealed))).toThrow(
        expect.objectContaining({ code: 'unreadable_record' }),
      )
    },
  )

  it.each(bad.details)('details stay shut: $name', ({ rootKey, receiptKey, sealed, ...binding }) => {
    expect(() => openDetails(ringOf(rootKey), receiptKey, bytes(sealed), binding)).toThrow(
      expect.objectContaining({ code: 'unreadable_record' }),
    )
  })

  it('are more than a few of each kind', () => {
    expect(bad.messages.filter((vector) => vector.expect === 'refused').length).toBeGreaterThan(15)
    expect(bad.messages.filter((vector) => vector.expect === 'closed').length).toBeGreaterThan(25)
  })
})

async function stretchFor(sealed: Buffer, passphrase: string): Promise<Stretched | undefined> {
  const parameters = argon2ParametersOf(sealed)
  return parameters && hasher.stretch(passphrase, parameters)
}

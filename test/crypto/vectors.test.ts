import { describe, expect, it } from 'vitest'
import { canonicalEmail } from '../../src/accounts/email-address.ts'
import { accountIdOf, hashToken } from '../../src/accounts/tokens.ts'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { derive } from '../../src/crypto/derive.ts'
import { argon2ParametersOf, hasDigestInside } from '../../src/crypto/envelope.ts'
import { createPassphraseHasher, type Stretched } from '../../src/crypto/passphrase.ts'
import { siteIdOf } from '../../src/importer/onetime-secret/site-id.ts'
import { receiptAliasId, secretAliasId } from '../../src/secrets/alias-ids.ts'
import { findReceiptAlias, findSecretAlias } from '../../src/secrets/aliases.ts'
import { openImportedText, sealImported } from '../../src/secrets/imported-text.ts'
import { recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { openDetails, openMemo, sealDetails } from '../../src/secrets/receipt-details.ts'
import { openSender, sealSender } from '../../src/secrets/sealed-sender.ts'
import { openSecret, sealSecret } from '../../src/secrets/secret.ts'
import { milliseconds } from '../../src/time.ts'
import { Memory, openMemoryStore } from '../contract/memory.ts'
import { bad, bytes, derivations, good, ringOf } from '../vectors/vectors.ts'

const hasher = createPassphraseHasher({ memory: 8, time: 1 }, 1, 100)

describe('derivations of src/crypto/SPEC.md sections 1 and 2', () => {
  it.each(derivations.roots)('give root key $rootKey the id $rootId', ({ rootKey, rootId }) => {
    expect(ringOf(rootKey).current.id).toBe(rootId)
  })

  it.each(derivations.pairs)('lead from receipt key $metadataKey to $secretKey and $id', (pair) => {
    expect(secretKeyOf(pair.metadataKey)).toBe(pair.secretKey)
    expect(recordIdOf(pair.secretKey)).toBe(pair.id)
  })

  it.each(derivations.derived)('derive $label from $parts', ({ rootKey, label, parts, output }) => {
    expect(derive(ringOf(rootKey).current.key, label, ...parts.map(bytes)).toString('hex')).toBe(output)
  })

  it.each(derivations.imported)('lead from the old link key $linkKey to its aliases', (vector) => {
    expect(secretAliasId(vector.linkKey)).toBe(vector.secretAliasId)
    expect(receiptAliasId(vector.linkKey)).toBe(vector.receiptAliasId)
  })

  it.each(derivations.sites)('give the site secret $siteSecret the id $siteId', ({ siteSecret, siteId }) => {
    expect(siteIdOf(siteSecret)).toBe(siteId)
  })

  it.each(derivations.accounts)('lead from $given to the account', ({ rootKey, given, ...account }) => {
    const root = ringOf(rootKey).current
    for (const text of given) {
      expect(canonicalEmail(text)).toBe(account.email)
      expect(urNameOf(text)).toBe(account.urName)
    }
    expect(accountIdOf(root, account.email)).toBe(account.accountId)
    expect(hashToken(root, account.accountId, account.token).toString('hex')).toBe(account.tokenHash)
  })
})

describe('good vectors', () => {
  it.each(good.messages)('open a secret and seal it to the same bytes: $name', async (vector) => {
    const { rootKey, secretKey, passphrases, sealed, value, shareDomain, ...binding } = vector
    const ring = ringOf(rootKey)
    const secret = { value, shareDomain: shareDomain === '' ? undefined : shareDomain }
    for (const passphrase of passphrases.length === 0 ? [''] : passphrases) {
      const stretched = await stretchFor(bytes(sealed), passphrase)
      expect(openSecret(ring, secretKey, stretched, bytes(sealed), binding)).toEqual(secret)
      expect(sealSecret(ring, secretKey, stretched, secret, binding).toString('hex')).toBe(sealed)
    }
  })

  it.each(good.details)('open details and seal them to the same bytes: $name', (vector) => {
    const { rootKey, metadataKey: receiptKey, sealed, details, ...binding } = vector
    const ring = ringOf(rootKey)
    expect(openDetails(ring, receiptKey, bytes(sealed), binding)).toEqual(details)
    const resealed = sealDetails(ring, receiptKey, details, binding)
    expect(resealed?.toString('hex')).toBe(Object.keys(details).length === 0 ? undefined : sealed)
  })
})

describe('good memos', () => {
  it.each(good.memos)('open: $name', (vector) => {
    const { rootKey, metadataKey: receiptKey, stored, memo, ...binding } = vector
    expect(openMemo(ringOf(rootKey), receiptKey, bytes(stored), binding)).toBe(memo)
  })
})

describe('good senders', () => {
  it.each(good.senders)('open an email address and seal it to the same bytes: $name', (vector) => {
    const { rootKey, secretKey, sealed, email, ...binding } = vector
    expect(openSender(ringOf(rootKey), secretKey, bytes(sealed), binding)).toBe(email)
    expect(sealSender(ringOf(rootKey), secretKey, email, binding).toString('hex')).toBe(sealed)
  })
})

describe('good aliases', () => {
  it.each(good.aliases)('lead to the keys of an import: $name', async (vector) => {
    expect(await followAlias(vector)).toEqual(vector.content)
  })
})

describe('good imported secrets', () => {
  it.each(good.imported)('open and are sealed to the same bytes: $name', (vector) => {
    const { rootKey, secretKey, sealed, head, bytes: hex, ...binding } = vector
    const text = { ...head, bytes: bytes(hex) }
    expect(hasDigestInside(bytes(sealed))).toBe(true)
    expect(openImportedText(ringOf(rootKey), secretKey, bytes(sealed), binding)).toEqual(text)
    expect(sealImported(ringOf(rootKey), secretKey, text, binding).toString('hex')).toBe(sealed)
    // Servers that do not know this byte reject it; those that do never take it for a secret without a passphrase.
    expect(openSecret(ringOf(rootKey), secretKey, undefined, bytes(sealed), binding)).toBeUndefined()
  })
})

describe('bad vectors', () => {
  it.each(bad.messages)('open no secret, $expect: $name', async (vector) => {
    const { rootKey, secretKey, passphrase, sealed, ...binding } = vector
    const attempt = async () => {
      const stretched = await stretchFor(bytes(sealed), passphrase)
      return openSecret(ringOf(rootKey), secretKey, stretched, bytes(sealed), binding)
    }
    if (vector.expect === 'closed') expect(await attempt()).toBeUndefined()
    else await expect(attempt()).rejects.toMatchObject({ code: 'unreadable_record' })
  })

  it.each(bad.messages.filter((vector) => vector.expect === 'refused'))(
    'are rejected by their header before any hashing: $name',
    ({ sealed }) => {
      expect(() => argon2ParametersOf(bytes(sealed))).toThrow(
        expect.objectContaining({ code: 'unreadable_record' }),
      )
    },
  )

  it.each(bad.details)('open no details: $name', ({ rootKey, metadataKey, sealed, ...binding }) => {
    expect(() => openDetails(ringOf(rootKey), metadataKey, bytes(sealed), binding)).toThrow(
      expect.objectContaining({ code: 'unreadable_record' }),
    )
  })

  it.each(bad.memos)('open no memo: $name', ({ rootKey, metadataKey, stored, ...binding }) => {
    expect(() => openMemo(ringOf(rootKey), metadataKey, bytes(stored), binding)).toThrow(
      expect.objectContaining({ code: 'unreadable_record' }),
    )
  })

  it.each(bad.senders)('open no sender: $name', ({ rootKey, secretKey, sealed, ...binding }) => {
    expect(openSender(ringOf(rootKey), secretKey, bytes(sealed), binding)).toBeUndefined()
  })

  it.each(bad.aliases)('lead nowhere: $name', async (vector) => {
    await expect(followAlias(vector)).rejects.toMatchObject({ code: 'unreadable_record' })
  })

  it.each(bad.imported)('open no imported secret: $name', ({ rootKey, secretKey, sealed, ...binding }) => {
    expect(openImportedText(ringOf(rootKey), secretKey, bytes(sealed), binding)).toBeUndefined()
  })

  it('include more than a few of each kind', () => {
    expect(bad.messages.filter((vector) => vector.expect === 'refused').length).toBeGreaterThan(15)
    expect(bad.messages.filter((vector) => vector.expect === 'closed').length).toBeGreaterThan(25)
  })
})

async function stretchFor(sealed: Buffer, passphrase: string): Promise<Stretched | undefined> {
  const parameters = argon2ParametersOf(sealed)
  return parameters && hasher.stretch(passphrase, { purpose: 'claim', network: '192.0.2.1' }, parameters)
}

/** Looks for an alias in a store that has that of a vector for whatever is looked for. */
async function followAlias({ rootKey, kind, linkKey, id, expires, stored }: (typeof bad.aliases)[number]) {
  const { imports } = openMemoryStore(new Memory())
  const now = () => milliseconds(0)
  const context = {
    imports: { ...imports, findAlias: async () => ({ id, expires, sealed: bytes(stored) }) },
    ring: ringOf(rootKey),
    now,
  }
  return kind === 'secret' ? findSecretAlias(context, linkKey) : findReceiptAlias(context, linkKey)
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import { createAdmission } from '../../src/limits/admission.ts'
import { secretKeyOf } from '../../src/secrets/keys.ts'
import { storeNewSecret, withdrawSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { milliseconds, seconds } from '../../src/time.ts'
import { ANYBODY, failure, newSecret, openStage, START, type Stage, withLink } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

describe('storeNewSecret', () => {
  it('returns both keys and everything else that the receipt says (docs/api/v1.md section 4)', async () => {
    const receipt = await storeNewSecret(stage.secrets(), newSecret({ ttl: seconds(600) }))
    expect(receipt).toEqual({
      receiptKey: expect.stringMatching(/^[a-z0-9]{31}$/),
      secretKey: secretKeyOf(receipt.receiptKey),
      state: 'new',
      created: START,
      updated: START,
      ttl: 600,
      receiptTtl: 1200,
      secretTtl: 600,
      recipients: [],
      passphraseRequired: false,
      origin: 'given',
    })
  })

  it('keeps the sender, the recipients and the share domain in the receipt', async () => {
    const details = {
      custid: 'me@example.com',
      recipients: ['fo*****@e*****.com'],
      shareDomain: 's.example.com',
    }
    const receipt = await storeNewSecret(stage.secrets(), newSecret({ ...details, passphrase: 'open up' }))
    expect(receipt).toMatchObject({ ...details, passphraseRequired: true })
    expect(await viewReceipt(stage.secrets(), receipt.receiptKey, 'observer', ANYBODY)).toEqual(receipt)
  })

  it('returns a generated secret as new and keeps it as viewed', async () => {
    const receipt = await storeNewSecret(stage.secrets(), newSecret({ origin: 'generated' }))
    expect(receipt.state).toBe('new')
    const next = await viewReceipt(stage.secrets(), receipt.receiptKey, 'sender', ANYBODY)
    expect(next).toEqual({ ...receipt, state: 'viewed' })
  })

  it('rejects a sender beyond the rate limit before it stretches the passphrase, and stores nothing', async () => {
    const quota = { bucket: 'sender', limit: { limit: 1, windowMs: milliseconds(60_000) } }
    const create = (passphrase: string) => {
      const admission = createAdmission(stage.store.rates, quota, () => stage.clock.now)
      return storeNewSecret(stage.secrets(), newSecret({ passphrase, admission }))
    }
    await create('open up')
    const [before, stored] = [stage.hashed.count, await storedIds()]
    for (const passphrase of ['open up', ''])
      await expect(create(passphrase)).rejects.toEqual(failure('rate_limited', { retryAfter: 60 }))
    expect(stage.hashed.count).toBe(before)
    expect(await storedIds()).toEqual(stored)
  })

  async function storedIds(): Promise<string[]> {
    const ids = []
    for await (const { id } of stage.store.secrets.all()) ids.push(id)
    return ids
  }

  it('rejects an empty value', async () => {
    await expect(storeNewSecret(stage.secrets(), newSecret({ value: '' }))).rejects.toEqual(
      failure('nothing_to_share'),
    )
  })

  it('accepts a value up to the maximum in bytes, not characters, and never truncates it', async () => {
    const value = 'é'.repeat(8)
    const receipt = await storeNewSecret(stage.secrets(), newSecret({ value, maxBytes: 16 }))
    expect(await reveal(stage.secrets(), withLink(receipt.secretKey))).toEqual({ value })
    await expect(storeNewSecret(stage.secrets(), newSecret({ value, maxBytes: 15 }))).rejects.toEqual(
      failure('secret_too_large', { limit: 15 }),
    )
  })

  it('accepts a passphrase up to 1,024 bytes', async () => {
    const passphrase = '🔑'.repeat(256)
    const receipt = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
    await reveal(stage.secrets(), withLink(receipt.secretKey, { passphrase }))
    await expect(
      storeNewSecret(stage.secrets(), newSecret({ passphrase: `${passphrase}.` })),
    ).rejects.toEqual(failure('passphrase_too_large', { limit: 1024 }))
  })

  it('stores nothing when too many passphrases are being hashed', async () => {
    const hasher = createPassphraseHasher({ memory: 8192, time: 2 }, 1, 0)
    const busy = hasher.stretch('somebody else', { purpose: 'claim', network: '192.0.2.1' })
    const context = { ...stage.secrets(), hasher }
    await expect(storeNewSecret(context, newSecret({ passphrase: 'mine' }))).rejects.toEqual(
      failure('overloaded'),
    )
    await expect(storeNewSecret(context, newSecret())).resolves.toMatchObject({ state: 'new' })
    await busy
  })
})

describe('withdrawSecret', () => {
  it('removes the secret and its receipt', async () => {
    const receipt = await storeNewSecret(stage.secrets(), newSecret({ custid: 'me@example.com' }))
    await withdrawSecret(stage.secrets(), receipt, ANYBODY)
    await expect(viewReceipt(stage.secrets(), receipt.receiptKey, 'sender', ANYBODY)).rejects.toEqual(
      failure('unknown_secret'),
    )
    await expect(reveal(stage.secrets(), withLink(receipt.secretKey))).rejects.toEqual(
      failure('unknown_secret'),
    )
  })
})

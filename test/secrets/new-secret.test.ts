import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import { isKey, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { type Receipt, viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { failure, newSecret, openStage, START, type Stage, withLink } from './stage.ts'

describe('share', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('answers with both keys and all that the receipt says (v1-api 4)', async () => {
    const metadata = await storeNewSecret(stage.secrets(), newSecret({ ttl: 600 }))
    expect(metadata).toEqual({
      receiptKey: expect.toSatisfy(isKey),
      secretKey: secretKeyOf(metadata.receiptKey),
      state: 'new',
      created: START,
      updated: START,
      ttl: 600,
      receiptTtl: 1200,
      secretTtl: 600,
      recipients: [],
      passphraseRequired: false,
    })
  })

  it('keeps who made it, for whom, and for which domain', async () => {
    const details = {
      custid: 'me@example.com',
      recipients: ['fo*****@e*****.com'],
      shareDomain: 's.example.com',
    }
    const metadata = await storeNewSecret(stage.secrets(), newSecret({ ...details, passphrase: 'open up' }))
    expect(metadata).toMatchObject({ ...details, passphraseRequired: true })
    expect(await viewReceipt(stage.secrets(), metadata.receiptKey, 'observer')).toEqual(metadata)
  })

  it('calls a generated secret new in its answer and viewed after', async () => {
    const metadata = await storeNewSecret(stage.secrets(), newSecret({ origin: 'generated' }))
    expect(metadata.state).toBe('new')
    const next = await viewReceipt(stage.secrets(), metadata.receiptKey, 'sender')
    expect(next).toEqual({ ...metadata, state: 'viewed' })
  })

  it('refuses an empty value', async () => {
    await expect(storeNewSecret(stage.secrets(), newSecret({ value: '' }))).rejects.toEqual(
      failure('nothing_to_share'),
    )
  })

  it('takes a value up to the limit in bytes, not characters, and never cuts it', async () => {
    const value = 'é'.repeat(8)
    const metadata = await storeNewSecret(stage.secrets(), newSecret({ value, maxBytes: 16 }))
    expect(await reveal(stage.secrets(), withLink(metadata.secretKey))).toEqual({ value })
    await expect(storeNewSecret(stage.secrets(), newSecret({ value, maxBytes: 15 }))).rejects.toEqual(
      failure('secret_too_large', { limit: 15 }),
    )
  })

  it('takes a passphrase up to 1,024 bytes', async () => {
    const passphrase = '🔑'.repeat(256)
    const metadata = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
    await reveal(stage.secrets(), withLink(metadata.secretKey, { passphrase }))
    await expect(
      storeNewSecret(stage.secrets(), newSecret({ passphrase: `${passphrase}.` })),
    ).rejects.toEqual(failure('passphrase_too_large', { limit: 1024 }))
  })

  it('keeps nothing when too many passphrases are being hashed', async () => {
    const hasher = createPassphraseHasher({ memory: 8192, time: 2 }, 1, 0)
    const busy = hasher.stretch('somebody else')
    const context = { ...stage.secrets(), hasher }
    await expect(storeNewSecret(context, newSecret({ passphrase: 'mine' }))).rejects.toEqual(
      failure('overloaded'),
    )
    await expect(storeNewSecret(context, newSecret())).resolves.toMatchObject({ state: 'new' })
    await busy
  })
})

describe('share with something to settle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('has stored the secret by then, and answers after', async () => {
    const events: string[] = []
    const metadata = await storeNewSecret(stage.secrets(), newSecret(), async ({ secretKey }) => {
      const id = recordIdOf(secretKey ?? '')
      events.push((await stage.store.secrets.peek(id, START)) === undefined ? 'missing' : 'stored')
    })
    events.push('answered')
    expect(events).toEqual(['stored', 'answered'])
    expect(await reveal(stage.secrets(), withLink(metadata.secretKey))).toMatchObject({})
  })

  it('F20: withdraws the secret when that fails, and says why', async () => {
    const receipts: Receipt[] = []
    const refuse = async (metadata: Receipt) => {
      receipts.push(metadata)
      throw new Error('no mail today')
    }
    await expect(storeNewSecret(stage.secrets(), newSecret(), refuse)).rejects.toThrow('no mail today')
    const [{ receiptKey, secretKey } = { receiptKey: '', secretKey: '' }] = receipts
    await expect(viewReceipt(stage.secrets(), receiptKey, 'sender')).rejects.toEqual(
      failure('unknown_secret'),
    )
    await expect(reveal(stage.secrets(), withLink(secretKey))).rejects.toEqual(failure('unknown_secret'))
  })

  it('says why also when the store is gone by then', async () => {
    const other = await openStage()
    const refuse = async () => {
      await other.store.close()
      throw new Error('no mail today')
    }
    await expect(storeNewSecret(other.secrets(), newSecret(), refuse)).rejects.toThrow('no mail today')
    await expect(storeNewSecret(other.secrets(), newSecret())).rejects.toEqual(failure('store_unavailable'))
    await other.close()
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

const UNKNOWN = failure('unknown_secret')

describe('burn', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  const destroy = (receiptKey: string, passphrase = '', connected = () => true) =>
    burn(stage.secrets(), { ...withLink('', { passphrase, connected }), receiptKey })
  const look = (receiptKey: string) => viewReceipt(stage.secrets(), receiptKey, 'observer')

  it.each(['', 'open up'])('ends a secret unread, and says so at once, passphrase %j', async (passphrase) => {
    stage.clock.now = START
    const details = { custid: 'me@example.com', shareDomain: 's.example.com' }
    const { receiptKey, secretKey } = await storeNewSecret(
      stage.secrets(),
      newSecret({ ...details, passphrase, ttl: 600 }),
    )
    stage.clock.now = START + SECOND
    const burned = await destroy(receiptKey, passphrase)
    expect(burned).toEqual({
      secretKey,
      metadata: {
        receiptKey,
        ...details,
        state: 'burned',
        created: START,
        updated: START + SECOND,
        ttl: 600,
        receiptTtl: 1199,
        recipients: [],
        passphraseRequired: passphrase !== '',
      },
    })
    expect(await look(receiptKey)).toEqual(burned.metadata)
    await expect(reveal(stage.secrets(), withLink(secretKey, { passphrase }))).rejects.toEqual(UNKNOWN)
    await expect(destroy(receiptKey, passphrase)).rejects.toEqual(UNKNOWN)
  })

  it.each(['', 'wrong'])(
    'says so of a wrong passphrase, and leaves all as it was: %j',
    async (passphrase) => {
      const metadata = await storeNewSecret(stage.secrets(), newSecret({ passphrase: 'open up' }))
      await expect(destroy(metadata.receiptKey, passphrase)).rejects.toEqual(failure('incorrect_passphrase'))
      expect(await look(metadata.receiptKey)).toEqual(metadata)
    },
  )

  it('knows nothing to burn of what was read, is over, or never was', async () => {
    const [read, over] = [
      await storeNewSecret(stage.secrets(), newSecret()),
      await storeNewSecret(stage.secrets(), newSecret()),
    ]
    await reveal(stage.secrets(), withLink(read.secretKey))
    stage.clock.now = over.created + 3600 * SECOND
    for (const receiptKey of [read.receiptKey, over.receiptKey, newReceiptKey(), 'no key'])
      await expect(destroy(receiptKey)).rejects.toEqual(UNKNOWN)
    expect(await look(read.receiptKey)).toMatchObject({ state: 'received' })
    expect(await look(over.receiptKey)).toMatchObject({ state: 'expired' })
  })

  it('does not take the recipient for the sender', async () => {
    const { receiptKey, secretKey } = await storeNewSecret(stage.secrets(), newSecret())
    await expect(destroy(secretKey ?? '')).rejects.toEqual(UNKNOWN)
    expect(await look(receiptKey)).toMatchObject({ state: 'new' })
  })

  it('costs nothing when the client is gone', async () => {
    const metadata = await storeNewSecret(stage.secrets(), newSecret())
    await expect(destroy(metadata.receiptKey, '', () => false)).rejects.toEqual(
      failure('client_disconnected'),
    )
    expect(await look(metadata.receiptKey)).toEqual(metadata)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newReceiptKey, secretKeyOf } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { peekSecret } from '../../src/secrets/peek.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { ANYBODY, failure, NEWER_ROOT, newSecret, openStage, SECOND, type Stage, withLink } from './stage.ts'

describe('peekSecret', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.close())

  it.each(['', 'open up'])(
    'returns whether a secret needs a passphrase, and leaves it as it was, passphrase %j',
    async (passphrase) => {
      const receipt = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
      const secretKey = secretKeyOf(receipt.receiptKey)
      for (const _ of [1, 2])
        expect(await peekSecret(stage.secrets(), secretKey)).toEqual({
          passphraseRequired: passphrase !== '',
          created: receipt.created,
          ttl: 3600,
          secretTtl: 3600,
        })
      expect(await viewReceipt(stage.secrets(), receipt.receiptKey, 'observer', ANYBODY)).toEqual(receipt)
    },
  )

  it.each(['', 'open up'])(
    'returns who sent a secret if the sender told the recipient, passphrase %j',
    async (passphrase) => {
      const sender = 'ana@example.com'
      const told = await storeNewSecret(stage.secrets(), newSecret({ passphrase, custid: sender, sender }))
      const untold = await storeNewSecret(stage.secrets(), newSecret({ passphrase, custid: sender }))
      expect(await peekSecret(stage.secrets(), told.secretKey)).toMatchObject({ sender })
      expect(await peekSecret(stage.secrets(), untold.secretKey)).not.toHaveProperty('sender')
      expect(await peekSecret(stage.secrets(NEWER_ROOT), told.secretKey)).not.toHaveProperty('sender')
    },
  )

  it('returns nothing about a secret that was revealed, has expired or never existed', async () => {
    const [revealed, expired] = [
      await storeNewSecret(stage.secrets(), newSecret()),
      await storeNewSecret(stage.secrets(), newSecret()),
    ]
    await reveal(stage.secrets(), withLink(revealed.secretKey))
    stage.advance(3600 * SECOND)
    for (const receiptKey of [revealed.receiptKey, expired.receiptKey, newReceiptKey()])
      expect(await peekSecret(stage.secrets(), secretKeyOf(receiptKey))).toBeUndefined()
  })

  it('reports a closed store instead of an unknown secret', async () => {
    const closed = await openStage()
    await closed.close()
    await expect(peekSecret(closed.secrets(), secretKeyOf(newReceiptKey()))).rejects.toEqual(
      failure('store_unavailable'),
    )
  })
})

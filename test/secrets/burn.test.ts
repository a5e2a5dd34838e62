import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import type { Claimant } from '../../src/secrets/claimant.ts'
import { newReceiptKey, parseReceiptKey, type ReceiptKey } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import {
  ANYBODY,
  failure,
  newSecret,
  openStage,
  SECOND,
  START,
  type Stage,
  withLink,
  withReceipt,
} from './stage.ts'

const UNKNOWN = failure('unknown_secret')

describe('burn', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  const attemptBurn = (receiptKey: ReceiptKey, changes?: Partial<Claimant>) =>
    burn(stage.secrets(), withReceipt(receiptKey, changes))
  const view = (receiptKey: ReceiptKey) => viewReceipt(stage.secrets(), receiptKey, 'observer', ANYBODY)

  it.each(['', 'open up'])(
    'ends a secret unread and returns the burned receipt, passphrase %j',
    async (passphrase) => {
      stage.clock.now = START
      const details = { custid: 'me@example.com', shareDomain: 's.example.com' }
      const { receiptKey, secretKey } = await storeNewSecret(
        stage.secrets(),
        newSecret({ ...details, passphrase, ttl: seconds(600) }),
      )
      stage.advance(SECOND)
      const burned = await attemptBurn(receiptKey, { passphrase })
      expect(burned).toEqual({
        secretKey,
        receipt: {
          receiptKey,
          ...details,
          state: 'burned',
          created: START,
          updated: START + SECOND,
          ttl: 600,
          receiptTtl: 1199,
          recipients: [],
          passphraseRequired: passphrase !== '',
          origin: 'given',
        },
      })
      expect(await view(receiptKey)).toEqual(burned.receipt)
      await expect(reveal(stage.secrets(), withLink(secretKey, { passphrase }))).rejects.toEqual(UNKNOWN)
      await expect(attemptBurn(receiptKey, { passphrase })).rejects.toEqual(UNKNOWN)
    },
  )

  it.each(['', 'wrong'])(
    'rejects the wrong passphrase %j, and leaves the secret as it was',
    async (passphrase) => {
      const receipt = await storeNewSecret(stage.secrets(), newSecret({ passphrase: 'open up' }))
      await expect(attemptBurn(receipt.receiptKey, { passphrase })).rejects.toEqual(
        failure('incorrect_passphrase'),
      )
      expect(await view(receipt.receiptKey)).toEqual(receipt)
    },
  )

  it('rejects a secret that was revealed, has expired or never existed', async () => {
    const [revealed, expired] = [
      await storeNewSecret(stage.secrets(), newSecret()),
      await storeNewSecret(stage.secrets(), newSecret()),
    ]
    await reveal(stage.secrets(), withLink(revealed.secretKey))
    stage.clock.now = later(expired.created, 3600 * SECOND)
    for (const receiptKey of [revealed.receiptKey, expired.receiptKey, newReceiptKey()])
      await expect(attemptBurn(receiptKey)).rejects.toEqual(UNKNOWN)
    await expect((async () => attemptBurn(parseReceiptKey('no key')))()).rejects.toEqual(UNKNOWN)
    expect(await view(revealed.receiptKey)).toMatchObject({ state: 'received' })
    expect(await view(expired.receiptKey)).toMatchObject({ state: 'expired' })
  })

  it('rejects a secret key in place of the receipt key', async () => {
    const { receiptKey, secretKey = '' } = await storeNewSecret(stage.secrets(), newSecret())
    await expect(attemptBurn(parseReceiptKey(secretKey))).rejects.toEqual(UNKNOWN)
    expect(await view(receiptKey)).toMatchObject({ state: 'new' })
  })

  it('leaves the secret as it was when the client has disconnected', async () => {
    const receipt = await storeNewSecret(stage.secrets(), newSecret())
    await expect(attemptBurn(receipt.receiptKey, { connected: () => false })).rejects.toEqual(
      failure('client_disconnected'),
    )
    expect(await view(receipt.receiptKey)).toEqual(receipt)
  })
})

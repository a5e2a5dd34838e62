import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import type { Claimant } from '../../src/secrets/claimant.ts'
import {
  newReceiptKey,
  parseReceiptKey,
  parseSecretKey,
  type ReceiptKey,
  type SecretKey,
  secretKeyOf,
} from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
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

describe('reveal', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  const attempt = (secretKey: SecretKey | undefined, changes?: Partial<Claimant>) =>
    reveal(stage.secrets(), withLink(secretKey, changes))
  const view = (receiptKey: ReceiptKey) => viewReceipt(stage.secrets(), receiptKey, 'observer', ANYBODY)

  it('returns the secret once, after which the receipt says received (docs/api/v1.md section 6)', async () => {
    const { receiptKey, secretKey } = await storeNewSecret(
      stage.secrets(),
      newSecret({ shareDomain: 's.example.com' }),
    )
    stage.advance(SECOND)
    const secret = { value: newSecret().value, shareDomain: 's.example.com' }
    expect(await attempt(secretKey)).toEqual(secret)
    await expect(attempt(secretKey)).rejects.toEqual(UNKNOWN)
    const receipt = await view(receiptKey)
    expect(receipt).toMatchObject({ state: 'received', updated: START + SECOND })
    expect(receipt).not.toHaveProperty('secretKey')
    expect(receipt).not.toHaveProperty('secretTtl')
  })

  it('rejects an unknown key and a malformed one alike, and the malformed one without the store', async () => {
    const unknown = newReceiptKey()
    await expect(attempt(secretKeyOf(unknown))).rejects.toEqual(UNKNOWN)
    const closed = await openStage()
    await closed.close()
    const revealBy = async (text: string) => reveal(closed.secrets(), withLink(parseSecretKey(text)))
    const burnBy = async (text: string) => burn(closed.secrets(), withReceipt(parseReceiptKey(text)))
    const viewBy = async (text: string) =>
      viewReceipt(closed.secrets(), parseReceiptKey(text), 'sender', ANYBODY)
    for (const text of ['', 'a'.repeat(63), 'A'.repeat(31), `${'a'.repeat(30)}*`])
      for (const claim of [revealBy, burnBy, viewBy]) await expect(claim(text)).rejects.toEqual(UNKNOWN)
    for (const claim of [revealBy, burnBy, viewBy])
      await expect(claim(unknown)).rejects.toEqual(failure('store_unavailable'))
  })

  it('rejects a receipt key in place of the secret key, and the other way round', async () => {
    const { receiptKey, secretKey = '' } = await storeNewSecret(stage.secrets(), newSecret())
    await expect(attempt(parseSecretKey(receiptKey))).rejects.toEqual(UNKNOWN)
    await expect(view(parseReceiptKey(secretKey))).rejects.toEqual(UNKNOWN)
    await attempt(parseSecretKey(secretKey))
  })

  it('rejects a secret from the millisecond in which it expires', async () => {
    const [early, late] = [
      await storeNewSecret(stage.secrets(), newSecret()),
      await storeNewSecret(stage.secrets(), newSecret()),
    ]
    stage.clock.now = later(early.created, 3600 * SECOND - 1)
    await attempt(early.secretKey)
    stage.advance(1)
    await expect(attempt(late.secretKey)).rejects.toEqual(UNKNOWN)
    expect(await view(late.receiptKey)).toMatchObject({ state: 'expired' })
  })

  it.each(['', 'open up'])(
    'F1: lets exactly one of 20 racing reveals and burns win, passphrase %j',
    async (passphrase) => {
      const { receiptKey, secretKey } = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
      const claims = Array.from({ length: 20 }, (_, index) => {
        const changes = { passphrase, network: `192.0.2.${index}` }
        return index % 2 === 0
          ? reveal(stage.secrets(), withLink(secretKey, changes))
          : burn(stage.secrets(), withReceipt(receiptKey, changes))
      })
      const results = await Promise.allSettled(claims)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      expect(failures).toEqual(Array.from({ length: 19 }, () => UNKNOWN))
    },
  )

  it.each(['', 'wrong', 'open up ', ' open up', 'Open up', 'open', 'open\nup'])(
    'F2, F19: rejects passphrase %j where "open up" is right, and leaves the secret as it was',
    async (passphrase) => {
      const receipt = await storeNewSecret(stage.secrets(), newSecret({ passphrase: 'open up' }))
      await expect(attempt(receipt.secretKey, { passphrase })).rejects.toEqual(UNKNOWN)
      expect(await view(receipt.receiptKey)).toEqual(receipt)
      expect(await attempt(receipt.secretKey, { passphrase: 'open up' })).toEqual({
        value: newSecret().value,
      })
    },
  )

  it('ignores a passphrase, unhashed, where the secret has none', async () => {
    const { secretKey } = await storeNewSecret(stage.secrets(), newSecret())
    const before = stage.hashed.count
    expect(await attempt(secretKey, { passphrase: 'needless' })).toEqual({ value: newSecret().value })
    expect(stage.hashed.count).toBe(before)
  })

  it.each(['', 'open up'])(
    'leaves the secret as it was when the client has disconnected, passphrase %j (docs/api/v1.md section 6)',
    async (passphrase) => {
      const receipt = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
      const disconnected = { passphrase, connected: () => false }
      await expect(attempt(receipt.secretKey, disconnected)).rejects.toEqual(failure('client_disconnected'))
      expect(await view(receipt.receiptKey)).toEqual(receipt)
      expect(await attempt(receipt.secretKey, { passphrase })).toEqual({ value: newSecret().value })
    },
  )

  it('leaves the secret as it was when the client disconnects while its passphrase is checked', async () => {
    const receipt = await storeNewSecret(stage.secrets(), newSecret({ passphrase: 'open up' }))
    const before = stage.hashed.count
    const impatient = { passphrase: 'open up', connected: () => stage.hashed.count === before }
    await expect(attempt(receipt.secretKey, impatient)).rejects.toEqual(failure('client_disconnected'))
    expect(await view(receipt.receiptKey)).toEqual(receipt)
    await attempt(receipt.secretKey, { passphrase: 'open up' })
  })
})

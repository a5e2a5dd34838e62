import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import type { Claimant } from '../../src/secrets/claim.ts'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

const UNKNOWN = failure('unknown_secret')

describe('reveal', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  const read = (secretKey?: string, changes?: Partial<Claimant>) =>
    reveal(stage.secrets(), withLink(secretKey, changes))
  const look = (receiptKey: string) => viewReceipt(stage.secrets(), receiptKey, 'observer')

  it('gives the message once, and the receipt says so (v1-api 6)', async () => {
    const { receiptKey, secretKey } = await storeNewSecret(
      stage.secrets(),
      newSecret({ shareDomain: 's.example.com' }),
    )
    stage.clock.now += SECOND
    const message = { value: newSecret().value, shareDomain: 's.example.com' }
    expect(await read(secretKey)).toEqual(message)
    await expect(read(secretKey)).rejects.toEqual(UNKNOWN)
    const receipt = await look(receiptKey)
    expect(receipt).toMatchObject({ state: 'received', updated: START + SECOND })
    expect(receipt).not.toHaveProperty('secretKey')
    expect(receipt).not.toHaveProperty('secretTtl')
  })

  it('says the same of a key that never was and one that is none, which never reaches the store', async () => {
    await expect(read(newReceiptKey())).rejects.toEqual(UNKNOWN)
    const closed = await openStage()
    await closed.close()
    for (const secretKey of ['', 'short', 'A'.repeat(31), `${'a'.repeat(30)}*`]) {
      await expect(reveal(closed.secrets(), withLink(secretKey))).rejects.toEqual(UNKNOWN)
      await expect(burn(closed.secrets(), { ...withLink(''), receiptKey: secretKey })).rejects.toEqual(
        UNKNOWN,
      )
      await expect(viewReceipt(closed.secrets(), secretKey, 'sender')).rejects.toEqual(UNKNOWN)
    }
    await expect(reveal(closed.secrets(), withLink(newReceiptKey()))).rejects.toEqual(
      failure('store_unavailable'),
    )
  })

  it("does not take the sender's key for the recipient's", async () => {
    const { receiptKey, secretKey } = await storeNewSecret(stage.secrets(), newSecret())
    await expect(read(receiptKey)).rejects.toEqual(UNKNOWN)
    await expect(look(secretKey ?? '')).rejects.toEqual(UNKNOWN)
    await read(secretKey)
  })

  it('is too late at the end of the ttl, to the millisecond', async () => {
    const [early, late] = [
      await storeNewSecret(stage.secrets(), newSecret()),
      await storeNewSecret(stage.secrets(), newSecret()),
    ]
    stage.clock.now = early.created + 3600 * SECOND - 1
    await read(early.secretKey)
    stage.clock.now += 1
    await expect(read(late.secretKey)).rejects.toEqual(UNKNOWN)
    expect(await look(late.receiptKey)).toMatchObject({ state: 'expired' })
  })

  it.each(['', 'open up'])(
    'F1: one of 20 racing readers and burners wins, passphrase %j',
    async (passphrase) => {
      const { receiptKey, secretKey } = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
      const attempts = Array.from({ length: 20 }, (_, index) => {
        const claimant = withLink(secretKey, { passphrase, address: `192.0.2.${index}` })
        return index % 2 === 0
          ? reveal(stage.secrets(), claimant)
          : burn(stage.secrets(), { ...claimant, receiptKey })
      })
      const results = await Promise.allSettled(attempts)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      expect(failures).toEqual(Array.from({ length: 19 }, () => UNKNOWN))
    },
  )

  it.each(['', 'wrong', 'open up ', ' open up', 'Open up', 'open', 'open\nup'])(
    'F2, F19: a wrong passphrase leaves all as it was: %j',
    async (passphrase) => {
      const metadata = await storeNewSecret(stage.secrets(), newSecret({ passphrase: 'open up' }))
      await expect(read(metadata.secretKey, { passphrase })).rejects.toEqual(UNKNOWN)
      expect(await look(metadata.receiptKey)).toEqual(metadata)
      expect(await read(metadata.secretKey, { passphrase: 'open up' })).toEqual({ value: newSecret().value })
    },
  )

  it('needs no passphrase where there is none, and does not mind one', async () => {
    const { secretKey } = await storeNewSecret(stage.secrets(), newSecret())
    const before = stage.hashed.count
    expect(await read(secretKey, { passphrase: 'needless' })).toEqual({ value: newSecret().value })
    expect(stage.hashed.count).toBe(before)
  })

  it.each(['', 'open up'])(
    'costs nothing when the client is gone, passphrase %j (v1-api 6)',
    async (passphrase) => {
      const metadata = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
      const gone = { passphrase, connected: () => false }
      await expect(read(metadata.secretKey, gone)).rejects.toEqual(failure('client_disconnected'))
      expect(await look(metadata.receiptKey)).toEqual(metadata)
      expect(await read(metadata.secretKey, { passphrase })).toEqual({ value: newSecret().value })
    },
  )

  it('costs nothing when the client goes while its passphrase is checked', async () => {
    const metadata = await storeNewSecret(stage.secrets(), newSecret({ passphrase: 'open up' }))
    const before = stage.hashed.count
    const impatient = { passphrase: 'open up', connected: () => stage.hashed.count === before }
    await expect(read(metadata.secretKey, impatient)).rejects.toEqual(failure('client_disconnected'))
    expect(await look(metadata.receiptKey)).toEqual(metadata)
    await read(metadata.secretKey, { passphrase: 'open up' })
  })
})

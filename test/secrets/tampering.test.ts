import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newReceiptKey, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { sealDetails } from '../../src/secrets/receipt-details.ts'
import type { NewPair } from '../../src/secrets/records.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { sealMessage } from '../../src/secrets/secret.ts'
import { failure, openStage, START, type Stage, withLink } from './stage.ts'

const TTL = 600
const UNREADABLE = failure('unreadable_record')

describe('a record that somebody changed in the store (SPEC 7)', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('is not handed out when a bit of the message is another', async () => {
    const { receiptKey, secretKey } = await store((pair) => ({
      ...pair,
      secret: { ...pair.secret, sealed: flipLast(pair.secret.sealed) },
    }))
    await expect(reveal(stage.secrets(), withLink(secretKey))).rejects.toEqual(UNREADABLE)
    expect(await viewReceipt(stage.secrets(), receiptKey, 'observer')).toMatchObject({ state: 'received' })
  })

  it('lives no longer for it', async () => {
    const { secretKey } = await store((pair) => ({ ...pair, metadata: { ...pair.metadata, ttl: TTL * 100 } }))
    stage.clock.now = START + TTL * 1000
    await expect(reveal(stage.secrets(), withLink(secretKey))).rejects.toEqual(UNREADABLE)
    stage.clock.now = START
  })

  it('is no receipt when a bit of the details is another', async () => {
    const { receiptKey } = await store((pair) => ({
      ...pair,
      metadata: { ...pair.metadata, sealed: flipLast(pair.metadata.sealed ?? Buffer.alloc(0)) },
    }))
    await expect(viewReceipt(stage.secrets(), receiptKey, 'observer')).rejects.toEqual(UNREADABLE)
  })

  it('F11: makes nobody hash with absurd parameters, and stays', async () => {
    const stretched = await stage.secrets().hasher.stretch('open up')
    const before = stage.hashed.count
    for (const [at, bytes] of [
      [6, 'ffffffff'],
      [6, '00000000'],
      [10, 'ff'],
      [10, '00'],
    ] as const) {
      const { receiptKey, secretKey } = await store((pair, seal) => {
        const sealed = seal(stretched)
        sealed.write(bytes, at, 'hex')
        return {
          ...pair,
          secret: { ...pair.secret, sealed, protected: true },
          metadata: { ...pair.metadata, protected: true },
        }
      })
      const claimant = withLink(secretKey, { passphrase: 'open up' })
      await expect(reveal(stage.secrets(), claimant)).rejects.toEqual(UNREADABLE)
      expect(await viewReceipt(stage.secrets(), receiptKey, 'observer')).toMatchObject({ state: 'new' })
    }
    expect(stage.hashed.count).toBe(before)
  })

  type Seal = (stretched?: Parameters<typeof sealMessage>[2]) => Buffer

  async function store(change: (pair: NewPair, seal: Seal) => NewPair) {
    const { ring } = stage.secrets()
    const receiptKey = newReceiptKey()
    const secretKey = secretKeyOf(receiptKey)
    const binding = { id: recordIdOf(secretKey), created: START, ttl: TTL }
    const seal: Seal = (stretched) => sealMessage(ring, secretKey, stretched, { value: 'hands off' }, binding)
    const sealedDetails = sealDetails(ring, receiptKey, { custid: 'me@example.com' }, binding)
    const pair: NewPair = {
      id: binding.id,
      secret: { sealed: seal(), protected: false, root: ring.current.id },
      metadata: {
        state: 'new',
        created: START,
        updated: START,
        ttl: TTL,
        protected: false,
        ...(sealedDetails && { sealed: sealedDetails }),
      },
    }
    await stage.store.secrets.create(change(pair, seal), START)
    return { receiptKey, secretKey }
  }
})

function flipLast(sealed: Buffer): Buffer {
  const changed = Buffer.from(sealed)
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1)
  return changed
}

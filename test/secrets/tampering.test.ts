import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Stretched } from '../../src/crypto/passphrase.ts'
import { editMemo } from '../../src/secrets/edit-memo.ts'
import { newReceiptKey, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { type Receipt, viewReceipt } from '../../src/secrets/receipt.ts'
import { sealDetails } from '../../src/secrets/receipt-details.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { sealSecret } from '../../src/secrets/secret.ts'
import { seconds } from '../../src/time.ts'
import type { NewPair } from '../contract/samples.ts'
import { later } from '../support/time.ts'
import { ANYBODY, failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

const TTL = seconds(600)
const UNREADABLE = failure('unreadable_record')

describe('a record changed in the store (src/crypto/SPEC.md section 7)', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('is unreadable when a bit of the sealed secret has changed', async () => {
    const { receiptKey, secretKey } = await store((pair) => ({
      ...pair,
      secret: { ...pair.secret, sealed: flipLast(pair.secret.sealed) },
    }))
    await expect(reveal(stage.secrets(), withLink(secretKey))).rejects.toEqual(UNREADABLE)
    expect(await viewReceipt(stage.secrets(), receiptKey, 'observer', ANYBODY)).toMatchObject({
      state: 'received',
    })
  })

  it('is unreadable when its ttl was raised', async () => {
    const { secretKey } = await store((pair) => ({
      ...pair,
      receipt: { ...pair.receipt, ttl: seconds(TTL * 100) },
    }))
    stage.clock.now = later(START, TTL * SECOND)
    await expect(reveal(stage.secrets(), withLink(secretKey))).rejects.toEqual(UNREADABLE)
    stage.clock.now = START
  })

  it('is an unreadable receipt when a bit of the sealed details has changed', async () => {
    const { receiptKey } = await store((pair) => ({
      ...pair,
      receipt: { ...pair.receipt, sealed: flipLast(pair.receipt.sealed ?? Buffer.alloc(0)) },
    }))
    await expect(viewReceipt(stage.secrets(), receiptKey, 'observer', ANYBODY)).rejects.toEqual(UNREADABLE)
  })

  it('is an unreadable receipt when a bit of its memo has changed, or it has the memo of another receipt', async () => {
    const owned = () => storeNewSecret(stage.secrets(), newSecret({ custid: 'me@example.com' }))
    const [first, second] = [await owned(), await owned()]
    const idOf = ({ receiptKey }: Receipt) => recordIdOf(secretKeyOf(receiptKey))
    const edited = await editMemo(stage.secrets(), 'me@example.com', first.receiptKey, 'for Ana', ANYBODY)
    const memo = (await stage.store.secrets.settle(idOf(first), 'observer', START))?.memo ?? Buffer.alloc(0)
    const [before, after] = [memo.subarray(0, 16), memo.subarray(16)]
    const moved = Buffer.concat([flipLast(before), after])
    for (const [receipt, changed] of [
      [first, flipLast(memo)],
      [first, moved],
      [first, memo.subarray(0, 15)],
      [second, memo],
    ] as const) {
      await stage.store.secrets.setMemo(idOf(receipt), changed, START)
      await expect(viewReceipt(stage.secrets(), receipt.receiptKey, 'observer', ANYBODY)).rejects.toEqual(
        UNREADABLE,
      )
    }
    await stage.store.secrets.setMemo(idOf(first), memo, START)
    expect(await viewReceipt(stage.secrets(), first.receiptKey, 'observer', ANYBODY)).toEqual(edited)
  })

  it('F11: causes no hashing when its Argon2 parameters are out of bounds, and stays', async () => {
    const stretched = await stage
      .secrets()
      .hasher.stretch('open up', { purpose: 'claim', network: '192.0.2.1' })
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
          receipt: { ...pair.receipt, protected: true },
        }
      })
      const claimant = withLink(secretKey, { passphrase: 'open up' })
      await expect(reveal(stage.secrets(), claimant)).rejects.toEqual(UNREADABLE)
      expect(await viewReceipt(stage.secrets(), receiptKey, 'observer', ANYBODY)).toMatchObject({
        state: 'new',
      })
    }
    expect(stage.hashed.count).toBe(before)
  })

  type Seal = (stretched?: Stretched) => Buffer

  async function store(change: (pair: NewPair, seal: Seal) => NewPair) {
    const { ring } = stage.secrets()
    const receiptKey = newReceiptKey()
    const secretKey = secretKeyOf(receiptKey)
    const binding = { id: recordIdOf(secretKey), created: START, ttl: TTL }
    const seal: Seal = (stretched) => sealSecret(ring, secretKey, stretched, { value: 'hands off' }, binding)
    const sealedDetails = sealDetails(ring, receiptKey, { custid: 'me@example.com' }, binding)
    const pair: NewPair = {
      id: binding.id,
      secret: { sealed: seal(), protected: false, root: ring.current.id },
      receipt: {
        state: 'new',
        created: START,
        updated: START,
        ttl: TTL,
        protected: false,
        origin: 'given',
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

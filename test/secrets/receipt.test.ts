import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newReceiptKey, parseReceiptKey, type ReceiptKey } from '../../src/secrets/keys.ts'
import { listReceipts } from '../../src/secrets/list-receipts.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import type { Viewer } from '../../src/secrets/store.ts'
import { seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import { ANYBODY, failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

describe('viewReceipt (docs/api/v1.md section 4)', () => {
  const view = (receiptKey: ReceiptKey, viewer: Viewer = 'sender') =>
    viewReceipt(stage.secrets(), receiptKey, viewer, ANYBODY)

  it('says new to the sender once, then viewed, and changes nothing else', async () => {
    const receipt = await storeNewSecret(stage.secrets(), newSecret())
    expect(await view(receipt.receiptKey)).toEqual(receipt)
    expect(await view(receipt.receiptKey)).toEqual({ ...receipt, state: 'viewed' })
    expect(await view(receipt.receiptKey)).toEqual({ ...receipt, state: 'viewed' })
  })

  it('leaves a receipt new when an observer views it', async () => {
    const receipt = await storeNewSecret(stage.secrets(), newSecret())
    await view(receipt.receiptKey, 'observer')
    expect(await view(receipt.receiptKey, 'observer')).toEqual(receipt)
  })

  it('counts both remaining times down in whole seconds, and never says 0 while time remains', async () => {
    const { receiptKey } = await storeNewSecret(stage.secrets(), newSecret({ ttl: seconds(600) }))
    const remainingAfter = async (span: number) => {
      stage.clock.now = later(START, span)
      const { secretTtl, receiptTtl, ttl } = await view(receiptKey)
      return [ttl, secretTtl, receiptTtl]
    }
    expect(await remainingAfter(0)).toEqual([600, 600, 1200])
    expect(await remainingAfter(1)).toEqual([600, 600, 1200])
    expect(await remainingAfter(1000)).toEqual([600, 599, 1199])
    expect(await remainingAfter(599_999)).toEqual([600, 1, 601])
    expect(await remainingAfter(600_000)).toEqual([600, undefined, 600])
    expect(await remainingAfter(1_199_999)).toEqual([600, undefined, 1])
    await expect(remainingAfter(1_200_000)).rejects.toEqual(failure('unknown_secret'))
  })

  it('keeps the receipt of a revealed secret, without keys (docs/api/v1.md section 4, States)', async () => {
    const details = { custid: 'me@example.com', recipients: ['fo*****@e*****.com'] }
    const { receiptKey, secretKey } = await storeNewSecret(
      stage.secrets(),
      newSecret({ ...details, ttl: seconds(600) }),
    )
    stage.advance(SECOND)
    await reveal(stage.secrets(), withLink(secretKey))
    stage.advance(600 * SECOND)
    const receipt = await view(receiptKey)
    expect(receipt).toMatchObject({ ...details, state: 'received', updated: START + SECOND })
    expect(Object.keys(receipt)).not.toContain('secretKey')
  })

  it('rejects a receipt key that is unknown or malformed', async () => {
    await expect(view(newReceiptKey())).rejects.toEqual(failure('unknown_secret'))
    await expect((async () => view(parseReceiptKey('no key')))()).rejects.toEqual(failure('unknown_secret'))
  })
})

describe('listReceipts', () => {
  it('keeps the order, leaves out expired receipts, and leaves new receipts new', async () => {
    const short = await storeNewSecret(stage.secrets(), newSecret({ ttl: seconds(60) }))
    const first = await storeNewSecret(stage.secrets(), newSecret())
    const second = await storeNewSecret(stage.secrets(), newSecret({ custid: 'me@example.com' }))
    stage.advance(120 * SECOND)
    const keys = [second.receiptKey, newReceiptKey(), short.receiptKey, first.receiptKey]
    const listed = await listReceipts(stage.secrets(), keys, ANYBODY)
    expect(listed.map(({ receiptKey }) => receiptKey)).toEqual([second.receiptKey, first.receiptKey])
    expect(listed.map(({ state }) => state)).toEqual(['new', 'new'])
    expect(await listReceipts(stage.secrets(), keys, ANYBODY)).toEqual(listed)
    expect(await listReceipts(stage.secrets(), [], ANYBODY)).toEqual([])
  })
  it('asks the store once for any number of receipts, and reports each that it finds expired once', async () => {
    const keys = []
    for (let count = 0; count < 3; count += 1)
      keys.push((await storeNewSecret(stage.secrets(), newSecret({ ttl: seconds(60) }))).receiptKey)
    stage.advance(60 * SECOND)
    const events: string[] = []
    const settleAll = vi.spyOn(stage.store.secrets, 'settleAll')
    const settle = vi.spyOn(stage.store.secrets, 'settle')
    const context = { ...stage.secrets(), onEvent: (event: string) => void events.push(event) }
    expect(await listReceipts(context, keys, ANYBODY)).toHaveLength(3)
    stage.advance(1)
    await listReceipts(context, keys, ANYBODY)
    expect(settleAll).toHaveBeenCalledTimes(2)
    expect(settle).not.toHaveBeenCalled()
    expect(events).toEqual(['expired', 'expired', 'expired'])
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { listReceipts, viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

describe('viewReceipt (v1-api 4)', () => {
  const view = (receiptKey: string, mark = true) => viewReceipt(stage.secrets(), receiptKey, mark)

  it('says new once, then viewed, and nothing else changes', async () => {
    const metadata = await storeNewSecret(stage.secrets(), newSecret())
    expect(await view(metadata.receiptKey)).toEqual(metadata)
    expect(await view(metadata.receiptKey)).toEqual({ ...metadata, state: 'viewed' })
    expect(await view(metadata.receiptKey)).toEqual({ ...metadata, state: 'viewed' })
  })

  it('stays new for a look that is not the sender’s', async () => {
    const metadata = await storeNewSecret(stage.secrets(), newSecret())
    await view(metadata.receiptKey, 'observer')
    expect(await view(metadata.receiptKey, false)).toEqual(metadata)
  })

  it('counts both times down in whole seconds, and never says 0 while there is time', async () => {
    const { receiptKey } = await storeNewSecret(stage.secrets(), newSecret({ ttl: 600 }))
    const left = async (milliseconds: number) => {
      stage.clock.now = START + milliseconds
      const { secretTtl, receiptTtl, ttl } = await view(receiptKey)
      return [ttl, secretTtl, receiptTtl]
    }
    expect(await left(0)).toEqual([600, 600, 1200])
    expect(await left(1)).toEqual([600, 600, 1200])
    expect(await left(1000)).toEqual([600, 599, 1199])
    expect(await left(599_999)).toEqual([600, 1, 601])
    expect(await left(600_000)).toEqual([600, undefined, 600])
    expect(await left(1_199_999)).toEqual([600, undefined, 1])
    await expect(left(1_200_000)).rejects.toEqual(failure('unknown_secret'))
  })

  it('keeps the receipt of what was read, without keys (v1-api 4, States)', async () => {
    const details = { custid: 'me@example.com', recipients: ['fo*****@e*****.com'] }
    const { receiptKey, secretKey } = await storeNewSecret(
      stage.secrets(),
      newSecret({ ...details, ttl: 600 }),
    )
    stage.clock.now += SECOND
    await reveal(stage.secrets(), withLink(secretKey))
    stage.clock.now += 600 * SECOND
    const receipt = await view(receiptKey)
    expect(receipt).toMatchObject({ ...details, state: 'received', updated: START + SECOND })
    expect(Object.keys(receipt)).not.toContain('secretKey')
  })

  it('knows nothing of a key that never was', async () => {
    await expect(view(newReceiptKey())).rejects.toEqual(failure('unknown_secret'))
    await expect(view('no key')).rejects.toEqual(failure('unknown_secret'))
  })
})

describe('listReceipts', () => {
  it('keeps the order, leaves out what is over, and counts as no look', async () => {
    const short = await storeNewSecret(stage.secrets(), newSecret({ ttl: 60 }))
    const first = await storeNewSecret(stage.secrets(), newSecret())
    const second = await storeNewSecret(stage.secrets(), newSecret({ custid: 'me@example.com' }))
    stage.clock.now += 120 * SECOND
    const keys = [second.receiptKey, newReceiptKey(), short.receiptKey, first.receiptKey]
    const listed = await listReceipts(stage.secrets(), keys)
    expect(listed.map(({ receiptKey }) => receiptKey)).toEqual([second.receiptKey, first.receiptKey])
    expect(listed.map(({ state }) => state)).toEqual(['new', 'new'])
    expect(await listReceipts(stage.secrets(), keys)).toEqual(listed)
    expect(await listReceipts(stage.secrets(), [])).toEqual([])
  })
})

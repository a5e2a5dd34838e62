import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import { editMemo } from '../../src/secrets/edit-memo.ts'
import { newReceiptKey, type ReceiptKey } from '../../src/secrets/keys.ts'
import { listReceipts } from '../../src/secrets/list-receipts.ts'
import { type NewSecret, storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { seconds } from '../../src/time.ts'
import {
  ANYBODY,
  failure,
  NEWER_ROOT,
  newSecret,
  openStage,
  ROOT,
  SECOND,
  type Stage,
  withLink,
  withReceipt,
} from './stage.ts'

const OWNER = 'me@example.com'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

const owned = (changes: Partial<NewSecret> = {}) =>
  storeNewSecret(stage.secrets(), newSecret({ custid: OWNER, ...changes }))
const edit = (receiptKey: ReceiptKey, text: string, owner: string | undefined = OWNER) =>
  editMemo(stage.secrets(), owner, receiptKey, text, ANYBODY)
const view = (receiptKey: ReceiptKey) => viewReceipt(stage.secrets(), receiptKey, 'observer', ANYBODY)

describe('editMemo', () => {
  it('sets, replaces and removes the memo of a receipt, and changes nothing else', async () => {
    const receipt = await owned()
    stage.advance(SECOND)
    const before = await view(receipt.receiptKey)
    expect(before).not.toHaveProperty('memo')
    for (const memo of ['for Ana', 'for Béla 🎂', 'for Ana']) {
      expect(await edit(receipt.receiptKey, memo)).toEqual({ ...before, memo })
      expect(await view(receipt.receiptKey)).toEqual({ ...before, memo })
    }
    expect(await edit(receipt.receiptKey, '')).toEqual(before)
    const after = await view(receipt.receiptKey)
    expect(after).toEqual(before)
    expect(after).not.toHaveProperty('memo')
  })

  it('keeps the memo of a receipt that is viewed, and whose secret is burned or revealed', async () => {
    const [burned, revealed] = [await owned(), await owned({ passphrase: 'open up' })]
    for (const { receiptKey } of [burned, revealed]) await edit(receiptKey, 'for Ana')
    await viewReceipt(stage.secrets(), burned.receiptKey, 'sender', ANYBODY)
    const { receipt } = await burn(stage.secrets(), withReceipt(burned.receiptKey))
    expect(receipt).toMatchObject({ state: 'burned', memo: 'for Ana' })
    await reveal(stage.secrets(), withLink(revealed.secretKey, { passphrase: 'open up' }))
    const listed = await listReceipts(stage.secrets(), [burned.receiptKey, revealed.receiptKey], ANYBODY)
    expect(listed).toMatchObject([
      { state: 'burned', memo: 'for Ana' },
      { state: 'received', memo: 'for Ana' },
    ])
    expect(await edit(revealed.receiptKey, 'done')).toMatchObject({ state: 'received', memo: 'done' })
  })

  it('rejects everyone but the account that created the secret, before anything is written', async () => {
    const [mine, anonymous] = [await owned(), await storeNewSecret(stage.secrets(), newSecret())]
    await edit(mine.receiptKey, 'mine')
    for (const owner of ['other@example.com', 'ME@example.com', '', undefined]) {
      await expect(editMemo(stage.secrets(), owner, mine.receiptKey, 'not mine', ANYBODY)).rejects.toEqual(
        failure('not_owner'),
      )
      await expect(editMemo(stage.secrets(), owner, anonymous.receiptKey, 'x', ANYBODY)).rejects.toEqual(
        failure('not_owner'),
      )
    }
    await expect(edit(anonymous.receiptKey, 'x')).rejects.toEqual(failure('not_owner'))
    expect(await view(mine.receiptKey)).toMatchObject({ memo: 'mine' })
    expect(await view(anonymous.receiptKey)).not.toHaveProperty('memo')
  })

  it('rejects a receipt key that is unknown, or whose receipt has expired', async () => {
    await expect(edit(newReceiptKey(), 'x')).rejects.toEqual(failure('unknown_secret'))
    const { receiptKey } = await owned({ ttl: seconds(60) })
    stage.advance(120 * SECOND)
    await expect(edit(receiptKey, 'x')).rejects.toEqual(failure('unknown_secret'))
  })

  it('rejects a receipt that expires between its reading and the writing of its memo', async () => {
    const { receiptKey } = await owned({ ttl: seconds(60) })
    const context = stage.secrets()
    const settle: typeof context.store.settle = async (...args) => {
      const receipt = await context.store.settle(...args)
      stage.advance(120 * SECOND)
      return receipt
    }
    const late = editMemo(
      { ...context, store: { ...context.store, settle } },
      OWNER,
      receiptKey,
      'x',
      ANYBODY,
    )
    await expect(late).rejects.toEqual(failure('unknown_secret'))
  })

  it('reads memos under every root key of the ring, and says so when one is missing', async () => {
    const { receiptKey } = await owned()
    await edit(receiptKey, 'under the old key')
    const both = stage.secrets(NEWER_ROOT, ROOT)
    expect(await viewReceipt(both, receiptKey, 'observer', ANYBODY)).toMatchObject({
      memo: 'under the old key',
    })
    await editMemo(both, OWNER, receiptKey, 'under the newer key', ANYBODY)
    expect(await viewReceipt(both, receiptKey, 'observer', ANYBODY)).toMatchObject({
      memo: 'under the newer key',
    })
    await expect(view(receiptKey)).rejects.toEqual(failure('unreadable_record'))
  })

  it('seals each memo under a key of its own', async () => {
    const { receiptKey } = await owned()
    const stored = []
    for (let round = 0; round < 3; round += 1) {
      await edit(receiptKey, 'the same text')
      for await (const { receipt } of stage.store.secrets.all()) stored.push(receipt.memo?.toString('hex'))
    }
    expect(new Set(stored).size).toBe(3)
    const ciphertexts = stored.map((memo) => memo?.slice(2 * (16 + 6)))
    expect(new Set(ciphertexts).size).toBe(3)
  })

  it.each([
    ['  for\tAna,\r\n\n not\u00a0Béla ', 'for Ana, not Béla'],
    ['<b>bold</b> and <a href="x">linked</a><br/><!-- hidden --><?php?>', 'bold and linked'],
    ['<script\n>alert(1)</script >', 'alert(1)'],
    ['a < b, c > d & 1 <2 <3>', 'a < b, c > d & 1 <2 <3>'],
    ['<<b>i>', '<i>'],
    ['<b', '<b'],
    [' <b> \n </b> ', ''],
    ['R&amp;D &lt;b&gt;', 'R&amp;D &lt;b&gt;'],
    ['half \ud83d', 'half \ufffd'],
  ])('cleans %j to %j', async (text, memo) => {
    const { receiptKey } = await owned()
    expect((await edit(receiptKey, text)).memo ?? '').toBe(memo)
    expect((await view(receiptKey)).memo ?? '').toBe(memo)
  })

  it('cuts a memo after 500 characters, and none in half', async () => {
    const { receiptKey } = await owned()
    expect((await edit(receiptKey, 'é'.repeat(500))).memo).toBe('é'.repeat(500))
    expect((await edit(receiptKey, '🎂'.repeat(501))).memo).toBe('🎂'.repeat(500))
    expect((await edit(receiptKey, `${'a'.repeat(499)} b`)).memo).toBe('a'.repeat(499))
    expect((await view(receiptKey)).memo).toBe('a'.repeat(499))
  })

  it('cleans a megabyte of unfinished tags in linear time', async () => {
    const { receiptKey } = await owned()
    const began = performance.now()
    for (const part of ['<', '<a', ' ', '<a ']) await edit(receiptKey, part.repeat(1_000_000 / part.length))
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

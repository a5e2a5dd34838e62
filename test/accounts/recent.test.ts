import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Account, authenticate } from '../../src/accounts/authenticate.ts'
import { createAccount } from '../../src/accounts/manage.ts'
import { recentKeys, remember } from '../../src/accounts/recent.ts'
import { accountIdOf, newToken } from '../../src/accounts/tokens.ts'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { failure, MINUTE, NEWER_ROOT, openStage, ROOT, START, type Stage } from '../secrets/stage.ts'
import { bytes, good, ringOf } from '../vectors/vectors.ts'

const DAY = 24 * 60 * MINUTE

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

async function newAccount(email = 'me@example.com', ...roots: Buffer[]): Promise<Account> {
  const context = stage.accounts(...roots)
  const account = await authenticate(context, email, (await createAccount(context, email)) ?? '')
  if (account === undefined) throw new Error('unknown')
  return account
}

describe('the recent list (v1-api 3, recent)', () => {
  it('holds the keys of 30 days, newest first', async () => {
    const account = await newAccount()
    const keys = Array.from({ length: 4 }, newReceiptKey)
    for (const key of keys) {
      await remember(stage.accounts(), account, key)
      stage.clock.now += 10 * DAY
    }
    stage.clock.now = START + 30 * DAY
    expect(await recentKeys(stage.accounts(), account)).toEqual(keys.toReversed())
    stage.clock.now = START + 30 * DAY + 1
    expect(await recentKeys(stage.accounts(), account)).toEqual(keys.slice(1).toReversed())
  })

  it('holds the newest 1,000, in order also within one millisecond', async () => {
    const account = await newAccount()
    const keys = Array.from({ length: 1003 }, newReceiptKey)
    await Promise.all(keys.map((key) => remember(stage.accounts(), account, key)))
    expect(await recentKeys(stage.accounts(), account)).toEqual(keys.slice(3).toReversed())
  })

  it('is each account’s own', async () => {
    const [mine, other] = [await newAccount(), await newAccount('other@example.com')]
    const key = newReceiptKey()
    await remember(stage.accounts(), mine, key)
    expect(await recentKeys(stage.accounts(), other)).toEqual([])
    expect(await recentKeys(stage.accounts(), { ...other, ids: mine.ids })).toEqual([])
    expect(await recentKeys(stage.accounts(), mine)).toEqual([key])
  })

  it('opens by the token alone that was valid then', async () => {
    const account = await newAccount()
    await remember(stage.accounts(), account, newReceiptKey())
    expect(await recentKeys(stage.accounts(), { ...account, token: newToken() })).toEqual([])
  })

  it('spans root keys, in the order of time (SPEC 8)', async () => {
    const account = await newAccount('me@example.com', ROOT)
    const [first, second, third] = [newReceiptKey(), newReceiptKey(), newReceiptKey()]
    const both = stage.accounts(NEWER_ROOT, ROOT)
    const rotated = await authenticate(both, account.email, account.token)
    if (rotated === undefined) throw new Error('unknown')

    await remember(stage.accounts(ROOT), account, first)
    stage.clock.now += 1
    await remember(both, rotated, second)
    stage.clock.now += 1
    await remember(stage.accounts(ROOT), account, third)
    expect(await recentKeys(both, rotated)).toEqual([third, second, first])
    const [newest] = rotated.ids
    expect(await recentKeys(stage.accounts(NEWER_ROOT), { ...rotated, ids: [newest] })).toEqual([second])
  })

  it('reads the frozen vector', async () => {
    const { rootKey, email, token, created, receiptKey, storedRecent } = good.account
    const id = accountIdOf(ringOf(rootKey).current, email)
    await stage.store.accounts.remember(id, { sealed: bytes(storedRecent), created }, 0, 10, created)
    stage.clock.now = created
    const account = { email, token, ids: [id] } as const
    expect(await recentKeys(stage.accounts(bytes(rootKey)), account)).toEqual([receiptKey])
  })

  it('leaves out an entry that is damaged, and no other', async () => {
    const account = await newAccount()
    const [id] = account.ids
    const key = newReceiptKey()
    await remember(stage.accounts(), account, key)
    for (const sealed of [Buffer.alloc(0), Buffer.alloc(60), Buffer.alloc(60, 1)])
      await stage.store.accounts.remember(id, { sealed, created: START }, 0, 10, START)
    expect(await recentKeys(stage.accounts(), account)).toEqual([key])
  })

  it('says so when the store is gone', async () => {
    const account = await newAccount()
    await stage.store.close()
    await expect(recentKeys(stage.accounts(), account)).rejects.toEqual(failure('store_unavailable'))
    await expect(remember(stage.accounts(), account, newReceiptKey())).rejects.toEqual(
      failure('store_unavailable'),
    )
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recentKeys, remember } from '../../src/accounts/recent.ts'
import { accountIdOf, newToken } from '../../src/accounts/tokens.ts'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { milliseconds } from '../../src/time.ts'
import { failure, MINUTE, NEWER_ROOT, openStage, ROOT, START, type Stage } from '../secrets/stage.ts'
import { later } from '../support/time.ts'
import { bytes, good, ringOf } from '../vectors/vectors.ts'
import { newAccount, provenAccount } from './new-account.ts'

const DAY = 24 * 60 * MINUTE
const KEEP_ALL = { horizon: milliseconds(0), keep: 10 }

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

describe('the recent list (docs/api/v1.md section 3)', () => {
  it('holds the receipt keys of the last 30 days, newest first', async () => {
    const account = await newAccount(stage.accounts())
    const keys = Array.from({ length: 4 }, newReceiptKey)
    for (const key of keys) {
      await remember(stage.accounts(), account, key)
      stage.advance(10 * DAY)
    }
    stage.clock.now = later(START, 30 * DAY)
    expect(await recentKeys(stage.accounts(), account)).toEqual(keys.toReversed())
    stage.clock.now = later(START, 30 * DAY + 1)
    expect(await recentKeys(stage.accounts(), account)).toEqual(keys.slice(1).toReversed())
  })

  it('holds the newest 1,000 receipt keys, in order also within one millisecond', async () => {
    const account = await newAccount(stage.accounts())
    const keys = Array.from({ length: 1003 }, newReceiptKey)
    await Promise.all(keys.map((key) => remember(stage.accounts(), account, key)))
    expect(await recentKeys(stage.accounts(), account)).toEqual(keys.slice(3).toReversed())
  })

  it('holds only what its own account created', async () => {
    const [mine, other] = [
      await newAccount(stage.accounts()),
      await newAccount(stage.accounts(), 'other@example.com'),
    ]
    const key = newReceiptKey()
    await remember(stage.accounts(), mine, key)
    expect(await recentKeys(stage.accounts(), other)).toEqual([])
    expect(await recentKeys(stage.accounts(), { ...other, ids: mine.ids })).toEqual([])
    expect(await recentKeys(stage.accounts(), mine)).toEqual([key])
  })

  it('opens only with the token under which it was written', async () => {
    const account = await newAccount(stage.accounts())
    await remember(stage.accounts(), account, newReceiptKey())
    expect(await recentKeys(stage.accounts(), { ...account, token: newToken() })).toEqual([])
  })

  it('merges the lists under all root keys, newest first (src/crypto/SPEC.md section 8)', async () => {
    const account = await newAccount(stage.accounts(ROOT))
    const [first, second, third] = [newReceiptKey(), newReceiptKey(), newReceiptKey()]
    const both = stage.accounts(NEWER_ROOT, ROOT)
    const rotated = await provenAccount(both, account.email, account.token)

    await remember(stage.accounts(ROOT), account, first)
    stage.advance(1)
    await remember(both, rotated, second)
    stage.advance(1)
    await remember(stage.accounts(ROOT), account, third)
    expect(await recentKeys(both, rotated)).toEqual([third, second, first])
    const [newest] = rotated.ids
    expect(await recentKeys(stage.accounts(NEWER_ROOT), { ...rotated, ids: [newest] })).toEqual([second])
  })

  it('reads the frozen vector of a recent entry', async () => {
    const { rootKey, email, token, created, metadataKey, storedRecent } = good.account
    const id = accountIdOf(ringOf(rootKey).current, email)
    await stage.store.accounts.remember(id, { sealed: bytes(storedRecent), created }, KEEP_ALL, created)
    stage.clock.now = created
    const account = { email, token, ids: [id] } as const
    expect(await recentKeys(stage.accounts(bytes(rootKey)), account)).toEqual([metadataKey])
  })

  it('leaves out damaged entries and no others', async () => {
    const account = await newAccount(stage.accounts())
    const [id] = account.ids
    const key = newReceiptKey()
    await remember(stage.accounts(), account, key)
    for (const sealed of [Buffer.alloc(0), Buffer.alloc(60), Buffer.alloc(60, 1)])
      await stage.store.accounts.remember(id, { sealed, created: START }, KEEP_ALL, START)
    expect(await recentKeys(stage.accounts(), account)).toEqual([key])
  })

  it('throws store_unavailable when the store is closed', async () => {
    const account = await newAccount(stage.accounts())
    await stage.store.close()
    await expect(recentKeys(stage.accounts(), account)).rejects.toEqual(failure('store_unavailable'))
    await expect(remember(stage.accounts(), account, newReceiptKey())).rejects.toEqual(
      failure('store_unavailable'),
    )
  })
})

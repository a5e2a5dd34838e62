import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authenticate } from '../../src/accounts/authenticate.ts'
import { createAccount, listAccounts, removeAccount, rotateToken } from '../../src/accounts/manage.ts'
import { recentKeys, remember } from '../../src/accounts/recent.ts'
import { accountIdOf } from '../../src/accounts/tokens.ts'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { NEWER_ROOT, openStage, ROOT, SECOND, START, type Stage } from '../secrets/stage.ts'
import { bytes, good, ringOf } from '../vectors/vectors.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

const USER = 'me@example.com'

describe('createAccount', () => {
  it('gives a token once', async () => {
    const token = await createAccount(stage.accounts(), USER)
    expect(token).toMatch(/^[a-z0-9]{40}$/)
    expect(await createAccount(stage.accounts(), ' ME@example.com')).toBeUndefined()
    expect(await authenticate(stage.accounts(), USER, token ?? '')).toMatchObject({ email: USER })
  })
})

describe('rotateToken', () => {
  it('voids the old token at once, and the recent list with it', async () => {
    const context = stage.accounts()
    const old = (await createAccount(context, USER)) ?? ''
    const before = await authenticate(context, USER, old)
    if (before === undefined) throw new Error('unknown')
    await remember(context, before, newReceiptKey())

    const token = (await rotateToken(context, 'Me@example.com')) ?? ''
    expect(token).not.toBe(old)
    expect(await authenticate(context, USER, old)).toBeUndefined()
    const after = await authenticate(context, USER, token)
    if (after === undefined) throw new Error('unknown')
    expect(await recentKeys(context, after)).toEqual([])
    expect(await recentKeys(context, before)).toEqual([])
  })

  it('makes no account', async () => {
    expect(await rotateToken(stage.accounts(), USER)).toBeUndefined()
    expect(await listAccounts(stage.accounts())).toEqual([])
  })
})

describe('removeAccount', () => {
  it('removes an account once', async () => {
    const token = (await createAccount(stage.accounts(), USER)) ?? ''
    expect(await removeAccount(stage.accounts(), 'ME@example.com ')).toBe(true)
    expect(await authenticate(stage.accounts(), USER, token)).toBeUndefined()
    expect(await removeAccount(stage.accounts(), USER)).toBe(false)
    expect(await createAccount(stage.accounts(), USER)).not.toBe(token)
  })
})

describe('listAccounts', () => {
  it('lists addresses and when they came, by address, over all root keys', async () => {
    await createAccount(stage.accounts(ROOT), 'b@example.com')
    stage.clock.now += SECOND
    await createAccount(stage.accounts(NEWER_ROOT, ROOT), 'A@example.com')
    const expected = [
      { email: 'a@example.com', created: START + SECOND },
      { email: 'b@example.com', created: START },
    ]
    expect(await listAccounts(stage.accounts(NEWER_ROOT, ROOT))).toEqual(expected)
  })

  it('says which one it cannot read, and lists the others', async () => {
    await createAccount(stage.accounts(ROOT), 'old@example.com')
    await createAccount(stage.accounts(NEWER_ROOT), 'new@example.com')
    const damaged = { email: Buffer.alloc(9), token: Buffer.alloc(32), created: START }
    await stage.store.accounts.save('damaged', damaged)
    const listed = await listAccounts(stage.accounts(NEWER_ROOT))
    expect(listed.map(({ email }) => email)).toEqual(['(unreadable)', '(unreadable)', 'new@example.com'])
  })

  it('reads the frozen vector', async () => {
    const { rootKey, email, storedEmail, created } = good.account
    const id = accountIdOf(ringOf(rootKey).current, email)
    const record = { email: bytes(storedEmail), token: Buffer.alloc(32), created }
    await stage.store.accounts.save(id, record)
    expect(await listAccounts(stage.accounts(bytes(rootKey)))).toEqual([{ email, created }])

    await stage.store.accounts.save('another', record)
    const moved = { email: '(unreadable)', created }
    expect(await listAccounts(stage.accounts(bytes(rootKey)))).toEqual([moved, { email, created }])
  })
})

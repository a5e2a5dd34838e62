import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authenticate } from '../../src/accounts/authenticate.ts'
import { createAccount, listAccounts, removeAccount, rotateToken } from '../../src/accounts/manage.ts'
import { recentKeys, remember } from '../../src/accounts/recent.ts'
import type { AccountId } from '../../src/accounts/records.ts'
import { accountIdOf } from '../../src/accounts/tokens.ts'
import { DomainError } from '../../src/errors.ts'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { NEWER_ROOT, openStage, ROOT, SECOND, START, type Stage } from '../secrets/stage.ts'
import { bytes, good, ringOf } from '../vectors/vectors.ts'
import { newAccount, newAccountToken, provenAccount } from './new-account.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

const USER = 'me@example.com'

describe('createAccount', () => {
  it('returns a token for a new account, and none for an existing one', async () => {
    const token = await newAccountToken(stage.accounts(), USER)
    expect(token).toMatch(/^[a-z0-9]{40}$/)
    expect(await createAccount(stage.accounts(), ' ME@example.com')).toBeUndefined()
    expect(await authenticate(stage.accounts(), USER, token)).toMatchObject({ email: USER })
  })
})

describe('rotateToken', () => {
  it('makes the old token and the recent list invalid at once', async () => {
    const context = stage.accounts()
    const before = await newAccount(context, USER)
    await remember(context, before, newReceiptKey())

    const token = await rotateToken(context, 'Me@example.com')
    expect(token).not.toBe(before.token)
    expect(await authenticate(context, USER, before.token)).toBeUndefined()
    if (token === undefined) throw new Error('the account does not exist')
    const after = await provenAccount(context, USER, token)
    expect(await recentKeys(context, after)).toEqual([])
    expect(await recentKeys(context, before)).toEqual([])
  })

  it('creates no account where there is none', async () => {
    expect(await rotateToken(stage.accounts(), USER)).toBeUndefined()
    expect(await listAccounts(stage.accounts())).toEqual([])
  })
})

describe('removeAccount', () => {
  it('removes an account, and reports false when there is none', async () => {
    const token = await newAccountToken(stage.accounts(), USER)
    expect(await removeAccount(stage.accounts(), 'ME@example.com ')).toBe(true)
    expect(await authenticate(stage.accounts(), USER, token)).toBeUndefined()
    expect(await removeAccount(stage.accounts(), USER)).toBe(false)
    expect(await createAccount(stage.accounts(), USER)).not.toBe(token)
  })
})

describe('F30: a rotation that fails', () => {
  it('leaves the old token valid', async () => {
    const context = stage.accounts(NEWER_ROOT, ROOT)
    const old = await newAccountToken(stage.accounts(ROOT), USER)
    const store = {
      ...stage.store.accounts,
      save: async () => Promise.reject(new DomainError('store_unavailable')),
    }
    await expect(rotateToken({ ...context, store }, USER)).rejects.toThrow('store_unavailable')
    expect(await authenticate(context, USER, old)).toBeDefined()
  })
})

describe('listAccounts', () => {
  it('lists email addresses with their creation times, sorted, under all root keys', async () => {
    await createAccount(stage.accounts(ROOT), 'b@example.com')
    stage.advance(SECOND)
    await createAccount(stage.accounts(NEWER_ROOT, ROOT), 'A@example.com')
    const expected = [
      { email: 'a@example.com', created: START + SECOND },
      { email: 'b@example.com', created: START },
    ]
    expect(await listAccounts(stage.accounts(NEWER_ROOT, ROOT))).toEqual(expected)
  })

  it('marks unreadable accounts and lists the others', async () => {
    await createAccount(stage.accounts(ROOT), 'old@example.com')
    await createAccount(stage.accounts(NEWER_ROOT), 'new@example.com')
    const damaged = { email: Buffer.alloc(9), token: Buffer.alloc(32), created: START }
    await stage.store.accounts.save('damaged' as AccountId, damaged, {
      among: ['damaged' as AccountId],
      when: 'either',
    })
    const listed = await listAccounts(stage.accounts(NEWER_ROOT))
    expect(listed.map(({ email }) => email)).toEqual(['(unreadable)', '(unreadable)', 'new@example.com'])
  })

  it('reads the frozen vector of an account, and only under its own id', async () => {
    const { rootKey, email, storedEmail, created } = good.account
    const id = accountIdOf(ringOf(rootKey).current, email)
    const record = { email: bytes(storedEmail), token: Buffer.alloc(32), created }
    await stage.store.accounts.save(id, record, { among: [id], when: 'either' })
    expect(await listAccounts(stage.accounts(bytes(rootKey)))).toEqual([{ email, created }])

    await stage.store.accounts.save('another' as AccountId, record, {
      among: ['another' as AccountId],
      when: 'either',
    })
    const moved = { email: '(unreadable)', created }
    expect(await listAccounts(stage.accounts(bytes(rootKey)))).toEqual([moved, { email, created }])
  })
})

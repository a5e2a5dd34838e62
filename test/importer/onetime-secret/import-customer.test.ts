import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authenticate } from '../../../src/accounts/authenticate.ts'
import { createAccount, rotateToken } from '../../../src/accounts/manage.ts'
import { recentKeys } from '../../../src/accounts/recent.ts'
import type { Token } from '../../../src/accounts/tokens.ts'
import { importCustomer } from '../../../src/importer/onetime-secret/import-customer.ts'
import { importReceipt } from '../../../src/importer/onetime-secret/import-receipt.ts'
import { importSecret } from '../../../src/importer/onetime-secret/import-secret.ts'
import type { OldCustomer } from '../../../src/importer/onetime-secret/old-records.ts'
import { listReceipts } from '../../../src/secrets/list-receipts.ts'
import { ANYBODY, MINUTE, NEWER_ROOT, openStage, ROOT, START, type Stage } from '../../secrets/stage.ts'
import { later } from '../../support/time.ts'
import { importInto, oldKey, oldReceipt, oldSecret } from './old.ts'

const EMAIL = 'ana@example.com'
const EXTID = 'urmrnpfr5yuvi0ecnmrb7432wc'
const TOKEN = '3751957c4112497e53c556955a8b050f8e8d7e37' as Token

describe('importCustomer', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.close())

  const move = (changes: Partial<OldCustomer> = {}) =>
    importCustomer(importInto(stage), { email: EMAIL, extid: EXTID, token: TOKEN, receipts: [], ...changes })

  it('moves an account, which authenticates by its email address and its old name with its old token', async () => {
    expect(await move({ email: ' Ana@Example.COM ' })).toEqual({ kind: 'moved', receipts: 0 })
    const accounts = stage.accounts()
    for (const user of [EMAIL, EXTID, EXTID.toUpperCase()])
      expect(await authenticate(accounts, user, TOKEN)).toMatchObject({ email: EMAIL, token: TOKEN })
    expect(await authenticate(accounts, EXTID, `${TOKEN}x` as Token)).toBeUndefined()
    expect(await authenticate(accounts, EXTID.replace('m', 'n'), TOKEN)).toBeUndefined()
  })

  it('keeps the old name when the token or the root key is replaced', async () => {
    await move()
    const token = await rotateToken(stage.accounts(NEWER_ROOT, ROOT), EMAIL)
    expect(await authenticate(stage.accounts(NEWER_ROOT, ROOT), EXTID, TOKEN)).toBeUndefined()
    expect(token && (await authenticate(stage.accounts(NEWER_ROOT, ROOT), EXTID, token))).toMatchObject({
      email: EMAIL,
    })
  })

  it('fills the recent list with the receipts of the last 30 days, newest first, under their old keys', async () => {
    const [secret, burned] = [oldSecret(), oldReceipt({ state: 'burned' })]
    await importSecret(importInto(stage), secret)
    await importReceipt(importInto(stage), burned)
    const [lost, old] = [oldKey(), oldKey()]
    const receipts = [
      { key: burned.key, at: later(START, -2 * MINUTE) },
      { key: 'NO KEY', at: START },
      { key: old, at: later(START, -31 * 24 * 60 * MINUTE) },
      { key: secret.receiptKey ?? '', at: later(START, -MINUTE) },
      { key: lost, at: later(START, -3 * MINUTE) },
    ]
    expect(await move({ receipts })).toEqual({ kind: 'moved', receipts: 3 })
    const account = await authenticate(stage.accounts(), EMAIL, TOKEN)
    const keys = account && (await recentKeys(stage.accounts(), account))
    expect(keys).toEqual([secret.receiptKey, burned.key, lost])
    const listed = await listReceipts(stage.secrets(), keys ?? [], ANYBODY)
    expect(listed.map(({ receiptKey, secretKey, state }) => ({ receiptKey, secretKey, state }))).toEqual([
      { receiptKey: secret.receiptKey, secretKey: secret.key, state: 'new' },
      { receiptKey: burned.key, secretKey: undefined, state: 'burned' },
    ])
  })

  it('may be repeated, and then adds what is missing from the list only', async () => {
    const receipts = [1, 2].map((minutes) => ({ key: oldKey(), at: later(START, -minutes * MINUTE) }))
    expect(await move({ receipts: receipts.slice(1) })).toEqual({ kind: 'moved', receipts: 1 })
    expect(await move({ receipts })).toEqual({ kind: 'already', receipts: 1 })
    expect(await move({ receipts })).toEqual({ kind: 'already', receipts: 0 })
    const account = await authenticate(stage.accounts(), EMAIL, TOKEN)
    expect(account && (await recentKeys(stage.accounts(), account))).toEqual(receipts.map(({ key }) => key))
  })

  it('leaves an account alone that has another token here', async () => {
    const token = await createAccount(stage.accounts(), EMAIL)
    expect(await move({ receipts: [{ key: oldKey(), at: START }] })).toEqual({ kind: 'other_token' })
    expect(token && (await authenticate(stage.accounts(), EMAIL, token))).toBeDefined()
    expect(await authenticate(stage.accounts(), EMAIL, TOKEN)).toBeUndefined()
  })

  it.each<[string, Partial<OldCustomer>, string]>([
    ['without a token', { token: '' }, 'without_token'],
    ['with a token that is too short', { token: 'short' }, 'damaged'],
    ['with a token of control characters', { token: `${TOKEN}\n` }, 'damaged'],
    ['without an email address', { email: 'ana' }, 'damaged'],
  ])('creates no account %s', async (_, changes, kind) => {
    expect(await move(changes)).toEqual({ kind })
    expect(await stage.store.accounts.list()).toEqual([])
  })

  it.each(['', 'ur', 'ana', 'ur-123', `${EXTID}!`])(
    'moves an account whose name %j is unusual without it',
    async (extid) => {
      expect(await move({ extid })).toMatchObject({ kind: 'moved' })
      expect(await authenticate(stage.accounts(), EMAIL, TOKEN)).toBeDefined()
      expect((await stage.store.accounts.list()).map(({ name }) => name)).toEqual([undefined])
    },
  )
})

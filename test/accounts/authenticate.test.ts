import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticate, configureAccounts } from '../../src/accounts/authenticate.ts'
import type { AccountsContext } from '../../src/accounts/context.ts'
import { createAccount, removeAccount, rotateToken } from '../../src/accounts/manage.ts'
import { createNameIndex } from '../../src/accounts/name-index.ts'
import { newToken, type Token } from '../../src/accounts/tokens.ts'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { failure, NEWER_ROOT, openStage, ROOT, type Stage } from '../secrets/stage.ts'
import { newAccountToken } from './new-account.ts'

describe('authenticate (docs/api/v1.md section 2)', () => {
  let stage: Stage
  let token: Token
  beforeAll(async () => {
    stage = await openStage()
    token = await newAccountToken(stage.accounts(), 'Me@Example.com')
  })
  afterAll(() => stage.close())

  it.each(['me@example.com', 'ME@example.COM', ' me@example.com '])(
    'authenticates an account by its email address in any case: %j',
    async (user) => {
      expect(await authenticate(stage.accounts(), user, token)).toEqual({
        email: 'me@example.com',
        token,
        ids: [expect.stringMatching(/^[\w-]{22}$/)],
      })
    },
  )

  it('rejects an unknown user, a wrong token and an empty one', async () => {
    const other = await newAccountToken(stage.accounts(), 'other@example.com')
    for (const [user, given] of [
      ['me@example.com', ''],
      ['me@example.com', other],
      ['me@example.com', token.toUpperCase()],
      ['me@example.com', `${token} `],
      ['me@example.com', token.slice(0, -1)],
      ['nobody@example.com', token],
      ['', token],
      ['', ''],
      ['\0', '\0'],
      ['__proto__', token],
    ] as const) {
      expect(await authenticate(stage.accounts(), user, given as Token)).toBeUndefined()
    }
  })

  it('authenticates a configured account as long as the settings name it', async () => {
    const mine = newToken()
    const context = stage.accounts()
    const configured = configureAccounts(context.ring, [{ email: ' Set@Example.com', token: mine }])
    const account = await authenticate({ ...context, configured }, 'set@example.com', mine)
    expect(account).toMatchObject({ email: 'set@example.com', token: mine })
    expect(await authenticate({ ...context, configured }, 'set@example.com', token)).toBeUndefined()
    expect(await authenticate(context, 'set@example.com', mine)).toBeUndefined()
  })

  it('prefers the configured token where the store has the account too', async () => {
    const mine = newToken()
    const context = stage.accounts()
    const configured = configureAccounts(context.ring, [{ email: 'me@example.com', token: mine }])
    expect(await authenticate({ ...context, configured }, 'me@example.com', mine)).toMatchObject({})
    expect(await authenticate({ ...context, configured }, 'me@example.com', token)).toBeUndefined()
  })

  it('authenticates an account by its ur name in any case, with the same result', async () => {
    const name = urNameOf('me@example.com')
    const context = stage.accounts()
    const account = await authenticate(context, 'me@example.com', token)
    expect(account).toBeDefined()
    for (const user of [name, name.toUpperCase(), ` ${name} `]) {
      expect(await authenticate(context, user, token)).toEqual(account)
    }
  })

  it('authenticates an account by its ur name as soon as it is created, and no longer when it is removed', async () => {
    const context = stage.accounts()
    await expect(authenticate(context, urNameOf('other@example.com'), token)).resolves.toBeUndefined()
    const fresh = await newAccountToken(context, 'fresh@example.com')
    const name = urNameOf('fresh@example.com')
    expect(await authenticate(context, name, fresh)).toMatchObject({ email: 'fresh@example.com' })
    await removeAccount(context, 'fresh@example.com')
    expect(await authenticate(context, name, fresh)).toBeUndefined()
  })

  it('rejects a ur name that nobody has, and a wrong token with one', async () => {
    const context = stage.accounts()
    expect(await authenticate(context, urNameOf('nobody@example.com'), token)).toBeUndefined()
    expect(await authenticate(context, urNameOf('me@example.com'), newToken())).toBeUndefined()
    expect(await authenticate(context, urNameOf('me@example.com').slice(0, -1), token)).toBeUndefined()
  })

  it('authenticates a configured account by its ur name without listing the accounts', async () => {
    const mine = newToken()
    const { ring, store, now } = stage.accounts()
    const configured = configureAccounts(ring, [{ email: 'set@example.com', token: mine }])
    const list = () => Promise.reject(new Error('nothing is listed'))
    const names = createNameIndex({ store: { list }, ring, emails: ['set@example.com'] })
    const context = { store, ring, configured, names, now }
    expect(await authenticate(context, urNameOf('set@example.com'), mine)).toMatchObject({
      email: 'set@example.com',
    })
  })

  it('throws store_unavailable when the store is closed', async () => {
    const closed = await openStage()
    await closed.close()
    for (const user of ['me@example.com', urNameOf('me@example.com')]) {
      await expect(authenticate(closed.accounts(), user, token)).rejects.toEqual(failure('store_unavailable'))
    }
  })
})

describe('the cost of authenticate', () => {
  it.each([1, 2])(
    'F11: is the same in reads, hashes and comparisons for an unknown user as for a wrong token, %d root keys',
    async (keys) => {
      const stage = await openStage()
      const token = await newAccountToken(stage.accounts(ROOT), 'me@example.com')
      const context = stage.accounts(...[NEWER_ROOT, ROOT].slice(-keys))
      const configured = configureAccounts(context.ring, [{ email: 'set@example.com', token }])
      const work = (user: string, given: string) => workOf({ ...context, configured }, user, given as Token)

      const expected = { reads: keys, hashes: 2 * keys, comparisons: keys }
      expect(await work('me@example.com', newToken())).toEqual(expected)
      expect(await work('set@example.com', newToken())).toEqual(expected)
      expect(await work('nobody@example.com', token)).toEqual(expected)
      expect(await work('nobody@example.com', '')).toEqual(expected)

      const names = { find: context.names.find, refresh: () => Promise.resolve() }
      await context.names.refresh()
      const workByName = (email: string) =>
        workOf({ ...context, names, configured }, urNameOf(email), newToken())
      const twice = { reads: 2 * keys, hashes: 4 * keys, comparisons: 2 * keys }
      expect(await workByName('me@example.com')).toEqual(twice)
      expect(await workByName('nobody@example.com')).toEqual(twice)
      await stage.close()
    },
  )
})

describe('accounts and root keys (src/crypto/SPEC.md section 8)', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('authenticates an account under an older root key while that is in the ring, and after a new token without it', async () => {
    const user = 'me@example.com'
    const [before, during, after] = [
      stage.accounts(ROOT),
      stage.accounts(NEWER_ROOT, ROOT),
      stage.accounts(NEWER_ROOT),
    ]
    const old = await newAccountToken(before, user)
    expect(await authenticate(during, user, old)).toMatchObject({
      ids: [expect.any(String), expect.any(String)],
    })
    expect(await authenticate(after, user, old)).toBeUndefined()
    expect(await authenticate(during, urNameOf(user), old)).toMatchObject({ email: user })
    expect(await createAccount(during, user)).toBeUndefined()

    const renewed = await rotateToken(during, user)
    if (renewed === undefined) throw new Error('the account does not exist')
    expect(await authenticate(during, user, old)).toBeUndefined()
    expect(await authenticate(after, user, renewed)).toMatchObject({ email: user })
    for (const context of [during, after])
      expect(await authenticate(context, urNameOf(user), renewed)).toMatchObject({ email: user })
    expect(await removeAccount(during, user)).toBe(true)
    expect(await authenticate(during, user, renewed)).toBeUndefined()
  })

  it('authenticates configured accounts whichever root key is first in the ring', async () => {
    const token = newToken()
    for (const ring of [createKeyRing([ROOT]), createKeyRing([NEWER_ROOT, ROOT])]) {
      const configured = configureAccounts(ring, [{ email: 'me@example.com', token }])
      const context = { ...stage.accounts(), ring, configured }
      expect(await authenticate(context, 'me@example.com', token)).toMatchObject({ email: 'me@example.com' })
    }
  })
})

/** Counts what a failed attempt costs: reads of the store, keyed hashes, comparisons in constant time. */
async function workOf(context: AccountsContext, user: string, token: Token) {
  const work = { reads: 0, hashes: 0, comparisons: 0 }
  const { createHmac, timingSafeEqual } = crypto
  const { store } = context
  const counted: AccountsContext['store'] = {
    ...store,
    find(id) {
      work.reads += 1
      return store.find(id)
    },
  }
  crypto.createHmac = (...given) => {
    work.hashes += 1
    return createHmac(...given)
  }
  crypto.timingSafeEqual = (...given) => {
    work.comparisons += 1
    return timingSafeEqual(...given)
  }
  syncBuiltinESMExports()
  try {
    expect(await authenticate({ ...context, store: counted }, user, token)).toBeUndefined()
  } finally {
    Object.assign(crypto, { createHmac, timingSafeEqual })
    syncBuiltinESMExports()
  }
  return work
}

import { afterEach, beforeEach, expect, it } from 'vitest'
import { authenticate } from '../../src/accounts/authenticate.ts'
import { removeAccount } from '../../src/accounts/manage.ts'
import { recentKeys, remember } from '../../src/accounts/recent.ts'
import { activateToken, drawToken } from '../../src/accounts/replace-token.ts'
import { newReceiptKey } from '../../src/secrets/keys.ts'
import { openStage, type Stage } from '../secrets/stage.ts'
import { newAccount } from './new-account.ts'

const ACTOR = { way: 'page', requestId: undefined, account: undefined } as const

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

it('activating a token again with the account that has authenticated with the old one keeps the recent list', async () => {
  const events: string[] = []
  const context = { ...stage.accounts(), onEvent: (event: string) => void events.push(event) }
  const account = await newAccount(context)
  const key = newReceiptKey()
  await remember(context, account, key)
  const drawn = drawToken(account)
  for (let turn = 0; turn < 2; turn += 1) {
    const replaced = await activateToken(context, account, drawn, ACTOR)
    expect(replaced).toEqual({ ...account, token: drawn.token })
    expect(await recentKeys(context, { ...account, token: drawn.token })).toEqual([key])
  }
  expect(events).toEqual(['token_rotated'])
})

it('activates no token for another account than it was drawn for', async () => {
  const context = stage.accounts()
  const [account, other] = [await newAccount(context), await newAccount(context, 'other@example.com')]
  const drawn = { ...drawToken(account), email: other.email }
  expect(await activateToken(context, account, drawn, ACTOR)).toBeUndefined()
  expect(await authenticate(context, other.email, drawn.token)).toBeUndefined()
})

it('activates no token of an account that was deleted meanwhile', async () => {
  const context = stage.accounts()
  const account = await newAccount(context)
  await removeAccount(context, account.email)
  await expect(activateToken(context, account, drawToken(account), ACTOR)).rejects.toThrow('not_authorized')
})

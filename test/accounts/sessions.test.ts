import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endSessions, sessionEpoch } from '../../src/accounts/sessions.ts'
import { accountIds } from '../../src/accounts/tokens.ts'
import { ANYBODY, NEWER_ROOT, openStage, ROOT, SECOND, START, type Stage } from '../secrets/stage.ts'
import { newAccount, provenAccount } from './new-account.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

describe('the epoch of sessions', () => {
  it('is 0 until the account ends its sessions, then the time of that', async () => {
    const context = stage.accounts()
    const [me, other] = [
      await newAccount(context, 'me@example.com'),
      await newAccount(context, 'you@example.com'),
    ]
    expect(await sessionEpoch(context, me)).toBe(0)
    expect(await endSessions(context, me, ANYBODY)).toBe(START)
    expect(await sessionEpoch(context, me)).toBe(START)
    expect(await sessionEpoch(context, other)).toBe(0)
  })

  it('is known under every root key, whichever server raised it', async () => {
    const [old, both, none] = [
      stage.accounts(ROOT),
      stage.accounts(NEWER_ROOT, ROOT),
      stage.accounts(NEWER_ROOT),
    ]
    const before = await newAccount(old)
    const after = await provenAccount(both, before.email, before.token)
    await endSessions(old, before, ANYBODY)
    expect(await sessionEpoch(both, after)).toBe(START)
    stage.advance(SECOND)
    await endSessions(both, after, ANYBODY)
    for (const context of [old, both, none])
      expect(await sessionEpoch(context, { ids: accountIds(context.ring, before.email) })).toBe(
        START + SECOND,
      )
  })

  it('is reported once each time it is raised', async () => {
    const events: unknown[] = []
    const context = { ...stage.accounts(), onEvent: (...event: unknown[]) => void events.push(event) }
    const me = await newAccount(context)
    await endSessions(context, me, ANYBODY)
    expect(events).toEqual([['sessions_ended', expect.stringMatching(/^[\w-]{16}$/), ANYBODY]])
  })
})

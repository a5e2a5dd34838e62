import { basic } from '../../caller.ts'
import type { Check, NewVersion } from '../../check.ts'
import { either, such } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import { conceal, unauthorized } from './wire.ts'

const NOBODY = 'nobody@conformance.invalid'
const WRONG_TOKEN = 'not-a-token-of-any-account'
const REJECTED = [
  [basic(NOBODY, WRONG_TOKEN).authorization, '[CREDENTIALS_INVALID] Invalid credentials'],
  ['Bearer abcdef', '[AUTH_TYPE_INVALID] Invalid authorization type'],
  [
    `Basic ${Buffer.from('no colon').toString('base64')}`,
    '[CREDENTIALS_FORMAT_INVALID] Invalid credentials format',
  ],
] as const

/** The checks of who a caller is. */
export function callerChecks(version: NewVersion): readonly Check[] {
  const path = `/api/${version}/secret/conceal`
  return [
    {
      id: `${version}/callers/anonymous`,
      section: 'v2Callers',
      title: 'a caller without an Authorization header is anonymous',
      secrets: 1,
      needs: ['anonymous creation'],
      async run(stage) {
        const secret = { secret: stage.secret(), ttl: 3600 }
        const answer = await stage.anonymous.json(path, { secret })
        stage.expect(answer, { status: 200, body: { record: { receipt: { owner_id: null } } } })
      },
    },
    {
      id: `${version}/callers/empty`,
      section: 'v2Callers',
      title: 'a caller with an empty user name and an empty token is anonymous',
      secrets: 1,
      needs: ['anonymous creation'],
      async run(stage) {
        const secret = { secret: stage.secret(), ttl: 3600 }
        const answer = await stage.as(basic('', '')).json(path, { secret })
        const rejects = 'empty credentials are rejected, as in Onetime Secret'
        stage.expect(answer, { status: either(200, 401, rejects) })
        if (answer.status === 401) return
        stage.expect(answer, { body: { record: { receipt: { owner_id: null } } } })
      },
    },
    {
      id: `${version}/callers/rejected`,
      section: 'v2Callers',
      title:
        'an unknown user, another scheme and malformed credentials are 401 with the cause, never anonymous',
      secrets: 1,
      async run(stage) {
        const { receiptKey } = await conceal(stage, version)
        for (const [authorization, message] of REJECTED) {
          const caller = stage.as({ authorization })
          const created = await caller.json(path, { secret: { secret: stage.secret(), ttl: 3600 } })
          stage.expect(created, unauthorized(message))
          const looked = await caller.get(`/api/${version}/receipt/${receiptKey}`)
          stage.expect(looked, unauthorized(message))
        }
      },
    },
    {
      id: `${version}/callers/account`,
      section: 'v2Callers',
      title: 'an account with its token is that account, by its email address and by its ur name',
      secrets: 2,
      needs: ['account'],
      async run(stage) {
        const made = await conceal(stage, version, {}, stage.owner)
        const looked = await stage.owner.get(`/api/${version}/receipt/${made.receiptKey}`)
        const isName = (came: unknown) => typeof came === 'string' && /^ur[a-z0-9]+$/.test(came)
        const another = such('a text', (came) => typeof came === 'string')
        const owner_id = either(such('a ur name', isName), another, 'an owner_id that is no user name')
        stage.require(looked, { status: 200, body: { record: { owner_id } } })
        const name = fieldOf(looked.body, 'record', 'owner_id')
        if (!isName(name)) return
        const caller = stage.as(basic(stage.hide(String(name)), stage.account.token))
        const again = await caller.json(path, { secret: { secret: stage.secret(), ttl: 3600 } })
        const record = { receipt: { owner_id: such('the same ur name', (came) => came === name) } }
        stage.expect(again, { status: 200, body: { record } })
      },
    },
  ]
}

import { basic } from '../../caller.ts'
import type { Check } from '../../check.ts'
import { absent, the } from '../../expect/matchers.ts'
import { rejected, rejectedAs, share } from './wire.ts'

const NOBODY = 'nobody@conformance.invalid'
const WRONG_TOKEN = 'not-a-token-of-any-account'

const MALFORMED = [
  'Bearer abcdef',
  'Basic',
  'Basic %%%',
  `Basic ${Buffer.from('no colon').toString('base64')}`,
]

/** The checks of who a caller is. */
export const authenticationChecks: readonly Check[] = [
  {
    id: 'v1/authentication/anonymous',
    section: 'v1Authentication',
    title: 'a caller without an Authorization header is anon',
    secrets: 1,
    needs: ['anonymous creation'],
    async run(stage) {
      const answer = await stage.anonymous.form('/api/v1/share', { secret: stage.secret(), ttl: '3600' })
      stage.expect(answer, { status: 200, body: { custid: 'anon' } })
    },
  },
  {
    id: 'v1/authentication/empty',
    section: 'v1Authentication',
    title: 'a caller with an empty user name and an empty token is anon',
    secrets: 1,
    needs: ['anonymous creation'],
    async run(stage) {
      const caller = stage.as(basic('', ''))
      const answer = await caller.form('/api/v1/share', { secret: stage.secret(), ttl: '3600' })
      stage.expect(answer, { status: 200, body: { custid: 'anon' } })
    },
  },
  {
    id: 'v1/authentication/unknown-user',
    section: 'v1Authentication',
    title: 'an unknown user is rejected, also where anonymous callers are not',
    secrets: 1,
    async run(stage) {
      const { receiptKey } = await share(stage)
      const unknown = stage.as(basic(NOBODY, WRONG_TOKEN))
      const expected = rejectedAs(401, 'Not authorized')
      const created = await unknown.form('/api/v1/generate', { ttl: '3600' })
      stage.expect(created, { ...expected, body: { message: 'Not authorized', value: absent } })
      stage.expect(await unknown.get(`/api/v1/private/${receiptKey}`), expected)
    },
  },
  {
    id: 'v1/authentication/half-empty',
    section: 'v1Authentication',
    title: 'an empty user name or an empty token alone is rejected',
    secrets: 0,
    async run(stage) {
      for (const pair of [basic('', WRONG_TOKEN), basic(NOBODY, '')]) {
        const answer = await stage.as(pair).form('/api/v1/generate', { ttl: '3600' })
        stage.expect(answer, rejected('Not authorized'))
      }
    },
  },
  {
    id: 'v1/authentication/malformed',
    section: 'v1Authentication',
    title: 'another scheme and a malformed header are rejected, never anonymous',
    secrets: 0,
    async run(stage) {
      for (const authorization of MALFORMED) {
        const answer = await stage.as({ authorization }).form('/api/v1/generate', { ttl: '3600' })
        stage.expect(answer, rejected('Not authorized'))
      }
    },
  },
  {
    id: 'v1/authentication/no-challenge',
    section: 'v1Authentication',
    title: 'no rejection has WWW-Authenticate, which would open a dialog in browsers',
    secrets: 0,
    async run(stage) {
      const answer = await stage.as(basic(NOBODY, WRONG_TOKEN)).get('/api/v1/authcheck')
      stage.expect(answer, { ...rejected('Not authorized'), headers: { 'www-authenticate': absent } })
    },
  },
  {
    id: 'v1/authentication/account',
    section: 'v1Authentication',
    title: 'an account with its token is that account, whatever the case of its email address',
    secrets: 2,
    needs: ['account'],
    async run(stage) {
      const { email, token } = stage.account
      for (const name of [email, email.toUpperCase()]) {
        const params = { secret: stage.secret(), ttl: '3600' }
        const answer = await stage.as(basic(name, token)).form('/api/v1/share', params)
        stage.expect(answer, { status: 200, body: { custid: the("the account's address", email) } })
      }
    },
  },
  {
    id: 'v1/authentication/wrong-token',
    section: 'v1Authentication',
    title: 'a wrong token is rejected, in the same response as an unknown user',
    secrets: 0,
    needs: ['account'],
    async run(stage) {
      const wrong = await stage.as(basic(stage.account.email, WRONG_TOKEN)).get('/api/v1/authcheck')
      const unknown = await stage.as(basic(NOBODY, WRONG_TOKEN)).get('/api/v1/authcheck')
      stage.expect(wrong, rejectedAs(401, 'Not authorized'))
      stage.expect(unknown, rejectedAs(401, 'Not authorized'))
      stage.claim(unknown.label, 'both bodies are the same', wrong.text === unknown.text)
    },
  },
]

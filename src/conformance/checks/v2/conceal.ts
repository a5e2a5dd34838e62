import type { Check, NewVersion } from '../../check.ts'
import { formed, such } from '../../expect/matchers.ts'
import type { Stage } from '../../stage.ts'
import { concealed } from './responses.ts'
import { conceal, invalid, keysOf, reveal, revealed } from './wire.ts'

const UNKNOWN_DOMAIN = 'unknown.conformance.invalid'
const LARGE_BYTES = 100_001
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** The checks of `/secret/conceal`. */
export function concealChecks(version: NewVersion): readonly Check[] {
  const path = `/api/${version}/secret/conceal`
  const send = (stage: Stage, secret: object) => stage.sender.json(path, { secret })
  return [
    {
      id: `${version}/conceal/response`,
      section: 'v2Responses',
      title: 'the response has the receipt and the secret, each field with its native type',
      secrets: 1,
      async run(stage) {
        const answer = await send(stage, { secret: stage.secret(), ttl: 3600 })
        stage.expect(answer, { status: 200, body: concealed(version, 'conceal') })
      },
    },
    {
      id: `${version}/conceal/has-passphrase`,
      section: 'v2Parameters',
      title: 'has_passphrase says whether there is one; an empty one and null are none',
      secrets: 3,
      async run(stage) {
        for (const passphrase of ['tulip', '', null]) {
          const has_passphrase = passphrase === 'tulip'
          const record = { secret: { has_passphrase }, receipt: { has_passphrase } }
          const answer = await send(stage, { secret: stage.secret(), ttl: 3600, passphrase })
          stage.expect(answer, { status: 200, body: { record } })
        }
      },
    },
    {
      id: `${version}/conceal/ttl`,
      section: 'v2Parameters',
      title: 'a ttl is a number or a text; zero, a negative one and one below 60 mean 60, null the default',
      secrets: 6,
      async run(stage) {
        const grant = (ttl: unknown) => send(stage, { secret: stage.secret(), ttl })
        const granted = (seconds: number) => ({
          status: 200,
          body: { record: { secret: { lifespan: seconds } } },
        })
        for (const ttl of [3600, '3600']) stage.expect(await grant(ttl), granted(3600))
        for (const ttl of [0, -1, 59]) stage.expect(await grant(ttl), granted(60))
        const lifespan = such('more than 60', (came) => typeof came === 'number' && came > 60)
        stage.expect(await grant(null), { status: 200, body: { record: { secret: { lifespan } } } })
      },
    },
    {
      id: `${version}/conceal/form`,
      section: 'v2Requests',
      title: 'the parameters of a creation are read from a nested form too',
      secrets: 1,
      async run(stage) {
        const value = stage.secret('täst & more')
        const body = new URLSearchParams({ 'secret[secret]': value, 'secret[ttl]': '3600' }).toString()
        const answer = await stage.sender.send({ method: 'POST', path, headers: FORM, body })
        stage.require(answer, { status: 200, body: { record: { secret: { lifespan: 3600 } } } })
        const { secretKey } = keysOf(answer.body)
        stage.expect(await reveal(stage, version, { secretKey }), revealed({ secretKey, value }))
      },
    },
    {
      id: `${version}/conceal/nothing`,
      section: 'v2Errors',
      title: 'no secret and an empty secret are rejected as missing',
      secrets: 0,
      async run(stage) {
        const missing = invalid('You did not provide anything to share', 'missing')
        stage.expect(await send(stage, {}), missing)
        const empty = await send(stage, { secret: '' })
        stage.expect(empty, missing)
        stage.expect(empty, { body: { field: 'secret' } })
      },
    },
    {
      id: `${version}/conceal/flat`,
      section: 'v2Requests',
      title: 'parameters that are not nested under secret are rejected',
      secrets: 0,
      async run(stage) {
        const answer = await stage.sender.json(path, { secret: stage.secret(), ttl: 3600 })
        stage.expect(answer, invalid('Incorrect payload format'))
      },
    },
    {
      id: `${version}/conceal/too-large`,
      section: 'v2Errors',
      title: 'a secret that is too long is rejected with the maximum, not cut',
      secrets: 0,
      async run(stage) {
        const secret = 's'.repeat(LARGE_BYTES)
        const answer = await send(stage, { secret, ttl: 3600 })
        if (answer.status === 200) {
          const { secretKey } = keysOf(answer.body)
          return stage.expect(
            await reveal(stage, version, { secretKey }),
            revealed({ secretKey, value: secret }),
          )
        }
        const words = '"Secret content must be no more than N bytes long"'
        stage.expect(answer, {
          status: 422,
          body: { error: formed(words, /^Secret content must be no more than \d+ bytes long$/) },
        })
      },
    },
    {
      id: `${version}/conceal/recipient-anonymous`,
      section: 'v2Errors',
      title: 'an anonymous sender cannot have a link emailed',
      secrets: 0,
      needs: ['anonymous creation'],
      async run(stage) {
        const secret = { secret: stage.secret(), ttl: 3600, recipient: 'nobody@conformance.invalid' }
        stage.expect(await stage.anonymous.json(path, { secret }), {
          status: 401,
          body: { error: 'An account is required to send emails.', error_type: 'Unauthorized' },
        })
      },
    },
    {
      id: `${version}/conceal/share-domain`,
      section: 'v2Errors',
      title: 'a share domain that the server does not have is rejected, and an empty one means none',
      secrets: 1,
      async run(stage) {
        const unknown = await send(stage, { secret: stage.secret(), ttl: 3600, share_domain: UNKNOWN_DOMAIN })
        stage.expect(unknown, invalid(`Unknown domain: ${UNKNOWN_DOMAIN}`))
        const none = await conceal(stage, version, { share_domain: '' })
        stage.expect(await reveal(stage, version, none), revealed(none))
      },
    },
  ]
}

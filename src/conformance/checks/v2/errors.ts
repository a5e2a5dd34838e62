import type { Check, NewVersion } from '../../check.ts'
import { absent, either, exactly, formed, someText, such } from '../../expect/matchers.ts'
import { conceal, reveal } from './wire.ts'

const TYPE = either(
  formed('"application/json; charset=utf-8"', /^application\/json;\s*charset=utf-8$/i),
  'application/json',
  'a Content-Type without a charset, as in Onetime Secret',
)

/** The checks of errors in general, of the form of all responses, and of how requests are read. */
export function errorChecks(version: NewVersion): readonly Check[] {
  const root = `/api/${version}`
  const path = `${root}/secret/conceal`
  return [
    {
      id: `${version}/errors/not-found`,
      section: 'v2Errors',
      title: 'a path that does not exist is answered Not Found and nothing else',
      secrets: 0,
      async run(stage) {
        stage.expect(await stage.anonymous.get(`${root}/nowhere`), {
          status: 404,
          body: exactly({ error: 'Not Found', error_type: 'NotFound' }),
        })
      },
    },
    {
      id: `${version}/errors/malformed`,
      section: 'v2Errors',
      title: 'a body that is no JSON is a 400 in JSON',
      secrets: 0,
      async run(stage) {
        const headers = { 'content-type': 'application/json' }
        const answer = await stage.sender.send({ method: 'POST', path, headers, body: '{"secret":' })
        stage.expect(answer, { status: 400, body: { error: someText } })
      },
    },
    {
      id: `${version}/errors/form`,
      section: 'v2Requests',
      title: 'every response is JSON that is not to be stored, errors too, without a session or a challenge',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        const answers = [
          await stage.anonymous.get(`${root}/status`),
          await stage.anonymous.get(`${root}/receipt/${made.receiptKey}`),
          await reveal(stage, version, made),
          await reveal(stage, version, made),
          await stage.anonymous.get(`${root}/nowhere`),
          await stage.anonymous.get(`${root}/receipt/recent`),
        ]
        for (const answer of answers) {
          stage.expect(answer, {
            headers: {
              'content-type': TYPE,
              'cache-control': formed('"no-store"', /\bno-store\b/),
              'www-authenticate': absent,
              'set-cookie': either(absent, someText, 'a session cookie, as in Onetime Secret'),
            },
            body: such('an object', (body) => typeof body === 'object' && body !== null),
          })
        }
      },
    },
    {
      id: `${version}/requests/slashes`,
      section: 'v2Requests',
      title: 'a trailing and a doubled slash in a path change nothing',
      secrets: 0,
      async run(stage) {
        const nominal = { status: 200, body: { status: 'nominal' } }
        stage.expect(await stage.anonymous.get(`${root}/status/`), nominal)
        stage.expect(await stage.anonymous.get(`/${root}/status`), nominal)
      },
    },
    {
      id: `${version}/requests/sniffed`,
      section: 'v2Requests',
      title: 'a body without a known Content-Type is JSON if it looks like it, and urlencoded otherwise',
      secrets: 2,
      async run(stage) {
        const headers = { 'content-type': 'text/plain' }
        const granted = { status: 200, body: { record: { secret: { lifespan: 3600 } } } }
        const json = JSON.stringify({ secret: { secret: stage.secret(), ttl: 3600 } })
        const form = new URLSearchParams({
          'secret[secret]': stage.secret(),
          'secret[ttl]': '3600',
        }).toString()
        stage.expect(await stage.sender.send({ method: 'POST', path, headers, body: json }), granted)
        stage.expect(await stage.sender.send({ method: 'POST', path, body: form }), granted)
      },
    },
    {
      id: `${version}/requests/options`,
      section: 'v2Requests',
      title: 'OPTIONS creates nothing',
      secrets: 0,
      async run(stage) {
        for (const method of ['conceal', 'generate']) {
          const answer = await stage.anonymous.send({ method: 'OPTIONS', path: `${root}/secret/${method}` })
          stage.expect(answer, { status: 204 })
          stage.claim(answer.label, 'no secret is created', !answer.text.includes('identifier'))
        }
      },
    },
  ]
}

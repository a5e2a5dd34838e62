import type { Check } from '../../check.ts'
import type { Answer } from '../../client.ts'
import { formed, such } from '../../expect/matchers.ts'
import type { Stage } from '../../stage.ts'
import { JSON_TYPE, rejectedAs, reveal, share } from './wire.ts'

const NO_STORE = formed('"no-store"', /\bno-store\b/)
const MALFORMED_REQUEST = formed('"Malformed request: " and the cause', /^Malformed request: ./)
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const JSON_BODY = { 'content-type': 'application/json' }

/** The checks of errors in general, and of the form of all responses. */
export const errorChecks: readonly Check[] = [
  {
    id: 'v1/errors/not-found',
    section: 'v1Errors',
    title: 'a path that does not exist is answered Not Found',
    secrets: 0,
    async run(stage) {
      stage.expect(await stage.anonymous.get('/api/v1/nowhere'), rejectedAs(404, 'Not Found'))
      stage.expect(await stage.anonymous.form('/api/v1/nowhere'), rejectedAs(404, 'Not Found'))
    },
  },
  {
    id: 'v1/errors/intended-status',
    section: 'v1Errors',
    title: 'a client error is 404 and has the status that it means in X-OTS-Intended-Status',
    secrets: 1,
    async run(stage) {
      const { receiptKey } = await share(stage, { passphrase: 'tulip' })
      const nothing = await stage.sender.form('/api/v1/share')
      stage.expect(nothing, rejectedAs(400, 'You did not provide anything to share'))
      const burn = await stage.anonymous.form(`/api/v1/private/${receiptKey}/burn`)
      stage.expect(burn, rejectedAs(400, 'Incorrect passphrase'))
      const list = await stage.anonymous.get('/api/v1/private/recent')
      stage.expect(list, rejectedAs(401, 'Not authorized'))
      const unknown = await reveal(stage, { secretKey: 'x'.repeat(31) })
      stage.expect(unknown, rejectedAs(404, 'Unknown secret'))
    },
  },
  {
    id: 'v1/errors/undecodable',
    section: 'v1Requests',
    title: 'a parameter that cannot be decoded is a client error, never a 500',
    secrets: 0,
    async run(stage) {
      for (const body of ['secret=%zz', 'secret=%ff']) {
        const answer = await stage.sender.send({ method: 'POST', path: '/api/v1/share', headers: FORM, body })
        stage.expect(answer, rejectedAs(400, MALFORMED_REQUEST))
      }
      const inQuery = await stage.sender.send({ method: 'POST', path: '/api/v1/share?secret=%zz' })
      stage.expect(inQuery, rejectedAs(400, MALFORMED_REQUEST))
      const noJson = await postJson(stage, '{"secret":')
      stage.expect(noJson, rejectedAs(400, MALFORMED_REQUEST))
    },
  },
  {
    id: 'v1/errors/coercion',
    section: 'v1Requests',
    title: 'an object or an array where a single value belongs is an error, never coerced',
    secrets: 0,
    async run(stage) {
      for (const value of ['["a"]', '{"a":"b"}']) {
        const answer = await postJson(stage, `{"secret":${value}}`)
        stage.expect(answer, rejectedAs(400, 'Malformed parameter: secret'))
      }
    },
  },
  {
    id: 'v1/errors/encoded-body',
    section: 'v1Errors',
    title: 'an encoded body is rejected, not stored as it came',
    secrets: 0,
    async run(stage) {
      const answer = await stage.sender.send({
        method: 'POST',
        path: '/api/v1/share',
        headers: { ...FORM, 'content-encoding': 'gzip' },
        body: 'secret=a',
      })
      stage.expect(answer, rejectedAs(415, 'Unsupported encoding of the body: gzip'))
    },
  },
  {
    id: 'v1/errors/form',
    section: 'v1Errors',
    title: 'every response is compact JSON that is not to be stored, errors too',
    secrets: 2,
    async run(stage) {
      const { secretKey, receiptKey } = await share(stage)
      const answers = [
        await stage.anonymous.get('/api/v1/status'),
        await stage.sender.form('/api/v1/generate', { ttl: '3600' }),
        await stage.anonymous.get(`/api/v1/private/${receiptKey}`),
        await reveal(stage, { secretKey }),
        await reveal(stage, { secretKey }),
        await stage.anonymous.get('/api/v1/nowhere'),
        await stage.sender.form('/api/v1/share'),
      ]
      for (const answer of answers) expectForm(stage, answer)
    },
  },
]

function expectForm(stage: Stage, answer: Answer): void {
  const isJson = such('JSON', (body) => typeof body === 'object' && body !== null)
  stage.expect(answer, { headers: { 'content-type': JSON_TYPE, 'cache-control': NO_STORE }, body: isJson })
  stage.claim(answer.label, 'the JSON is compact', !/[{,]\s+"|":\s/.test(answer.text))
}

function postJson(stage: Stage, body: string): Promise<Answer> {
  return stage.sender.send({ method: 'POST', path: '/api/v1/share', headers: JSON_BODY, body })
}

import type { Check } from '../../check.ts'
import { flag, someText } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import type { Stage } from '../../stage.ts'
import type { Request } from '../../transport.ts'
import { rejected, reveal, revealed } from './wire.ts'

const TTL = 3600
const BOUNDARY = 'conformance-7d1f'

type Encoded = Pick<Request, 'headers' | 'body'> & { readonly query?: string }

/** Each way in which clients send parameters. */
const FORMATS: readonly (readonly [string, string, (params: Record<string, string>) => Encoded])[] = [
  [
    'form',
    'a urlencoded body',
    (params) => ({ headers: type('application/x-www-form-urlencoded'), ...form(params) }),
  ],
  [
    'form-charset',
    'a urlencoded body with a charset',
    (params) => ({ headers: type('application/x-www-form-urlencoded; charset=UTF-8'), ...form(params) }),
  ],
  ['multipart', 'a multipart body', (params) => multipart(params, '')],
  ['multipart-file', 'a multipart body with files', (params) => multipart(params, '; filename="secret.txt"')],
  [
    'json',
    'a JSON body',
    (params) => ({ headers: type('application/json'), body: JSON.stringify({ ...params, ttl: TTL }) }),
  ],
  ['query', 'the query of a request without a body', (params) => ({ query: form(params).body })],
  ['no-type', 'a body without a Content-Type, which is urlencoded', form],
  [
    'unknown-type',
    'a body with an unknown Content-Type, which is urlencoded',
    (params) => ({ headers: type('text/html'), ...form(params) }),
  ],
]

/** The checks of how parameters are sent. */
export const formatChecks: readonly Check[] = [
  ...FORMATS.map(
    ([name, words, encode]): Check => ({
      id: `v1/formats/${name}`,
      section: 'v1Requests',
      title: `parameters are read from ${words}`,
      secrets: 1,
      run: (stage) => roundTrip(stage, encode),
    }),
  ),
  {
    id: 'v1/formats/empty-json',
    section: 'v1Requests',
    title: 'an empty body is an empty set of parameters, whatever its Content-Type',
    secrets: 1,
    async run(stage) {
      const headers = type('application/json; charset=utf-8')
      const made = await stage.sender.send({ method: 'POST', path: '/api/v1/generate', headers })
      stage.expect(made, { status: 200, body: { value: someText, passphrase_required: flag } })
      const shared = await stage.sender.send({ method: 'POST', path: '/api/v1/share', headers })
      stage.expect(shared, rejected('You did not provide anything to share'))
    },
  },
  {
    id: 'v1/formats/merged',
    section: 'v1Requests',
    title: 'parameters of the query and the body are merged, and the body wins',
    secrets: 1,
    async run(stage) {
      const value = stage.secret()
      const path = `/api/v1/share?secret=of-the-query&ttl=${TTL}`
      const headers = type('application/x-www-form-urlencoded')
      const answer = await stage.sender.send({ method: 'POST', path, headers, ...form({ secret: value }) })
      await expectKept(stage, answer, value)
    },
  },
]

async function roundTrip(stage: Stage, encode: (params: Record<string, string>) => Encoded): Promise<void> {
  const value = stage.secret('täst & more = 100% + 花\n')
  const { query, ...encoded } = encode({ secret: value, ttl: String(TTL) })
  const path = `/api/v1/share${query === undefined ? '' : `?${query}`}`
  await expectKept(stage, await stage.sender.send({ method: 'POST', path, ...encoded }), value)
}

async function expectKept(
  stage: Stage,
  answer: Awaited<ReturnType<Stage['sender']['send']>>,
  value: string,
): Promise<void> {
  stage.require(answer, { status: 200, body: { secret_key: someText, ttl: TTL } })
  const secretKey = fieldOf(answer.body, 'secret_key') as string
  stage.expect(await reveal(stage, { secretKey }), revealed({ secretKey, value }))
}

function type(name: string) {
  return { 'content-type': name }
}

function form(params: Record<string, string>) {
  return { body: new URLSearchParams(params).toString() }
}

// RFC 7578.
function multipart(params: Record<string, string>, filename: string): Encoded {
  const parts = Object.entries(params).map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n${value}\r\n`,
  )
  return {
    headers: type(`multipart/form-data; boundary=${BOUNDARY}`),
    body: `${parts.join('')}--${BOUNDARY}--\r\n`,
  }
}

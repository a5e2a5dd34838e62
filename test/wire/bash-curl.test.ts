// Bash onetimesecret-bash (eengstrom), ots.bash and test.shunit2 of 2018-12; bytes as recorded from it on curl 7.88.1.
// Parameters go as multipart; where there are none it sends two quotes, `''`, as a form; the secret comes from standard
// input with its newline. It reads answers with jq.

import { describe, expect, it } from 'vitest'
import { BASIC, CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const curl = clientOf(
  server,
  `Host: {host}
  Authorization: {authorization}
  User-Agent: curl/7.88.1
  Accept: */*
  Content-Length: {length}
  Content-Type: {type}`,
)

const FORM = 'application/x-www-form-urlencoded'

const BOUNDARY = '------------------------9d858256c87f695b'

function multipart(fields: Record<string, string>): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return `${parts.join('')}--${BOUNDARY}--\r\n`
}

/** `curl -F name=value …` */
async function postParts(path: string, fields: Record<string, string>, authorization?: string) {
  const type = `multipart/form-data; boundary=${BOUNDARY}`
  return (await curl(`POST ${path}`, { body: multipart(fields), type, authorization })).json()
}

/** `curl -d …` */
async function postForm(path: string, body: string, authorization?: string) {
  return (await curl(`POST ${path}`, { body, type: FORM, authorization })).json()
}

/** `curl -X GET -d ''` */
async function getForm(path: string, authorization?: string) {
  return (await curl(`GET ${path}`, { body: '', type: FORM, authorization })).json()
}

const state = async (key: unknown) => {
  const metadata = await postForm(`/private/${key}`, '')
  return metadata['state'] ?? metadata['message'] ?? 'unknown'
}

/** `ots_retrieve`, with or without a passphrase; never with credentials. */
const retrieve = async (key: unknown, fields?: Record<string, string>) => {
  const path = `/secret/${key}`
  const answer = await (fields === undefined ? postForm(path, "''") : postParts(path, fields))
  return answer['value'] ?? answer['message'] ?? 'Unknown Error'
}

const burn = async (key: unknown, authorization?: string) => {
  const answer = await postForm(`/private/${key}/burn`, '', authorization)
  return (answer['state'] as { state: string } | undefined)?.state ?? answer['message'] ?? 'Unknown Error'
}

describe.each(CALLERS)('Bash onetimesecret-bash, %s', (_who, authorization, custid) => {
  it('shares standard input and retrieves it with its newline (docs/api/v1.md section 1)', async () => {
    const secret = 'This is a secret è 🔑\n  ... on several lines\n'
    const { secret_key: key } = await postParts('/share', { secret }, authorization)
    expect(await retrieve(key)).toBe(secret)
    expect(await retrieve(key)).toBe('Unknown secret')
  })

  it('shares with a ttl and a passphrase as parts of a multipart body', async () => {
    const fields = { ttl: '600', passphrase: 'shared-secret', secret: 'SECRET\n' }
    const shared = await postParts('/share', fields, authorization)
    expect(shared).toMatchObject({ custid, ttl: 600, passphrase_required: true })
    expect(await retrieve(shared['secret_key'])).toBe('Unknown secret')
    expect(await retrieve(shared['secret_key'], { passphrase: 'shared-secret' })).toBe('SECRET\n')
  })

  it('reads the states new, viewed and burned, then "Unknown secret" (docs/api/v1.md section 4, States)', async () => {
    const { metadata_key: key } = await postParts('/share', { secret: 'SECRET\n' }, authorization)
    expect(await state(key)).toBe('new')
    expect(await state(key)).toBe('viewed')
    expect(await retrieve(key)).toBe('Unknown secret')
    expect(await burn(key, authorization)).toBe('burned')
    expect(await state(key)).toBe('burned')
    expect(await burn(key, authorization)).toBe('Unknown secret')
    expect(await retrieve(key)).toBe('Unknown secret')
  })

  it("generates with the body '', and reads the state viewed at once", async () => {
    const { metadata_key: key, value } = await postForm('/generate', "''", authorization)
    expect(await state(key)).toBe('viewed')
    const { secret_key: secretKey } = await postForm(`/private/${key}`, '')
    expect(await retrieve(secretKey)).toBe(value)
    expect(await state(key)).toBe('received')
  })
})

describe('Bash onetimesecret-bash', () => {
  it('lists recent metadata keys by a GET with an empty form, newest first', async () => {
    server().clock.advance(1)
    const { metadata_key: key } = await postParts('/share', { secret: 'SECRET\n' }, BASIC)
    const list: unknown = await getForm('/private/recent', BASIC)
    expect(list).toEqual(expect.any(Array))
    expect((list as Record<string, unknown>[])[0]?.['metadata_key']).toBe(key)
  })

  it('reads "Not authorized" instead of recent metadata keys without an account', async () => {
    expect(await getForm('/private/recent')).toEqual({
      message: 'Not authorized',
    })
  })
})

// Python 2 py_onetimesecret (utter-step), onetimesecret.py; the headers are those of urllib2 in Python 2.7. It asks for
// the status before every call, and would sign in only after a 401 that challenges for the realm OTS.

import { describe, expect, it } from 'vitest'
import { clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const urllib2 = clientOf(
  server,
  `Accept-Encoding: identity
  Content-Length: {length}
  Host: {host}
  Content-Type: application/x-www-form-urlencoded
  Connection: close
  User-Agent: Python-urllib/2.7`,
)

async function status(): Promise<boolean> {
  return (await urllib2('GET /status')).json()['status'] === 'nominal'
}

/** A call as the client's `server_check` wraps it: its answer, which raises HTTPError unless it is 2xx. */
async function call(path: string, body: string): Promise<Record<string, unknown>> {
  if (!(await status())) throw new Error('Server is not ready')
  const answer = await urllib2(`POST ${path}`, { body })
  expect(answer.headers).not.toHaveProperty('www-authenticate')
  if (answer.status < 200 || answer.status > 299) throw new Error(`HTTPError ${answer.status}`)
  return answer.json()
}

const retrieve = (key: unknown, more = '') => call(`/secret/${key}`, `SECRET_KEY=${key}${more}`)
const retrieveMeta = (key: unknown) => call(`/private/${key}`, `METADATA_KEY=${key}`)

describe('Python 2 py_onetimesecret', () => {
  it('shares for a day, always anonymously (docs/api/v1.md section 2)', async () => {
    const shared = await call('/share', 'secret=t%C3%A8st&ttl=86400')
    expect(shared).toMatchObject({ custid: 'anon', ttl: 86_400 })
    expect(await retrieve(shared['secret_key'])).toEqual({
      secret_key: shared['secret_key'],
      value: 'tèst',
    })
  })

  it('F2: raises for a wrong passphrase, then retrieves once with the right one', async () => {
    const { secret_key: key } = await call('/share', 'passphrase=caff%C3%A8&secret=test&ttl=86400')
    await expect(retrieve(key)).rejects.toThrow('HTTPError 404')
    await expect(retrieve(key, '&passphrase=caffe')).rejects.toThrow('HTTPError 404')
    expect((await retrieve(key, '&passphrase=caff%C3%A8'))['value']).toBe('test')
    await expect(retrieve(key, '&passphrase=caff%C3%A8')).rejects.toThrow('HTTPError 404')
  })

  it('gets its extra SECRET_KEY and METADATA_KEY ignored, and reads `received` only after the reveal (docs/api/v1.md section 1)', async () => {
    const shared = await call('/generate', 'ttl=86400')
    const before = await retrieveMeta(shared['metadata_key'])
    expect(before['secret_key']).toBe(shared['secret_key'])
    expect(before).not.toHaveProperty('received')

    expect((await retrieve(shared['secret_key']))['value']).toBe(shared['value'])
    const after = await retrieveMeta(shared['metadata_key'])
    expect(after['received']).toBe(Math.floor(server().clock.now() / 1000))
    expect(after).not.toHaveProperty('secret_key')
  })
})

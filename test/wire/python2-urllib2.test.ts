// Python 2 py_onetimesecret (utter-step), onetimesecret.py; the headers are those of urllib2 in Python 2.7. It asks for
// the status before every call, and would sign in only after a 401 that challenges for the realm OTS.

import { describe, expect, it } from 'vitest'
import { sendOnce } from './connection.ts'
import { serverOfFile } from './server.ts'

const server = serverOfFile()

async function status(): Promise<boolean> {
  const answer = await sendOnce(server().url, (host) => [
    'GET /api/v1/status HTTP/1.1',
    'Accept-Encoding: identity',
    `Host: ${host}`,
    'Connection: close',
    'User-Agent: Python-urllib/2.7',
  ])
  return answer.json()['status'] === 'nominal'
}

/** A call as the client's `server_check` wraps it: its answer, which raises HTTPError unless it is 2xx. */
async function call(path: string, body: string): Promise<Record<string, unknown>> {
  if (!(await status())) throw new Error('Server is not ready')
  const lines = (host: string) => [
    `POST /api/v1${path} HTTP/1.1`,
    'Accept-Encoding: identity',
    `Content-Length: ${body.length}`,
    `Host: ${host}`,
    'Content-Type: application/x-www-form-urlencoded',
    'Connection: close',
    'User-Agent: Python-urllib/2.7',
  ]
  const answer = await sendOnce(server().url, lines, body)
  expect(answer.headers).not.toHaveProperty('www-authenticate')
  if (answer.status < 200 || answer.status > 299) throw new Error(`HTTPError ${answer.status}`)
  return answer.json()
}

const retrieve = (key: unknown, more = '') => call(`/secret/${key}`, `SECRET_KEY=${key}${more}`)
const retrieveMeta = (key: unknown) => call(`/private/${key}`, `METADATA_KEY=${key}`)

describe('clients.md, Python 2 `py_onetimesecret`', () => {
  it('shares for a day, always anonymously (v1-api §2)', async () => {
    const shared = await call('/share', 'secret=t%C3%A8st&ttl=86400')
    expect(shared).toMatchObject({ custid: 'anon', ttl: 86_400 })
    expect(await retrieve(shared['secret_key'])).toEqual({
      secret_key: shared['secret_key'],
      value: 'tèst',
    })
  })

  it('raises on the second retrieval and on a wrong passphrase, which leaves the secret (F2)', async () => {
    const { secret_key: key } = await call('/share', 'passphrase=caff%C3%A8&secret=test&ttl=86400')
    await expect(retrieve(key)).rejects.toThrow('HTTPError 404')
    await expect(retrieve(key, '&passphrase=caffe')).rejects.toThrow('HTTPError 404')
    expect((await retrieve(key, '&passphrase=caff%C3%A8'))['value']).toBe('test')
    await expect(retrieve(key, '&passphrase=caff%C3%A8')).rejects.toThrow('HTTPError 404')
  })

  it('ignores its extra SECRET_KEY and METADATA_KEY (v1-api §1), and finds `received` only after the reveal', async () => {
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

// curl 7.88.1, called as the v1 documentation of 2025-04-02 calls it; bytes as recorded from that curl.

import { describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { BASIC, CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const curl = clientOf(
  server,
  `Host: {host}
  Authorization: {authorization}
  User-Agent: curl/7.88.1
  Accept: */*
  Content-Length: {length}
  Content-Type: application/x-www-form-urlencoded`,
)
const post = (path: string, body: string, authorization?: string) =>
  curl(`POST ${path}`, { body, authorization })
const get = (path: string, authorization?: string) => curl(`GET ${path}`, { authorization })

const KEY = expect.stringMatching(/^[a-z0-9]{31}$/)

function created(custid: string) {
  const now = Math.floor(server().clock.now() / 1000)
  return {
    custid,
    metadata_key: KEY,
    secret_key: KEY,
    ttl: 3600,
    metadata_ttl: 7200,
    secret_ttl: 3600,
    state: 'new',
    updated: now,
    created: now,
    recipient: [],
    share_domain: '',
    passphrase_required: false,
  }
}

describe.each(CALLERS)('curl as the documentation calls it, %s', (_who, authorization, custid) => {
  it('shares and gets every documented attribute in its exact type (docs/api/v1.md section 4)', async () => {
    const answer = await post('/share', 'secret=SECRET&ttl=3600', authorization)
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    expect(answer.json()).toEqual(created(custid))
  })

  it('generates a value of the documented alphabet, with the attributes of a share (docs/api/v1.md section 3)', async () => {
    const answer = await post('/generate', 'ttl=3600', authorization)
    expect(answer.json()).toEqual({
      ...created(custid),
      value: expect.stringMatching(/^[a-hjkmnp-zA-Z2-9*$!?()]{12}$/),
    })
  })

  it('retrieves once, then gets "Unknown secret" with the key it sent (docs/api/v1.md sections 5 and 6)', async () => {
    const { secret_key: key } = (await post('/share', 'secret=SECRET&ttl=3600', authorization)).json()
    expect((await post(`/secret/${key}`, '')).json()).toEqual({ value: 'SECRET', secret_key: key })
    const again = await post(`/secret/${key}`, '')
    expect(again.status).toBe(404)
    expect(again.headers['x-ots-intended-status']).toBe('404')
    expect(again.json()).toEqual({ message: 'Unknown secret', secret_key: key })
  })

  it('reads the states new and viewed, and burns (docs/api/v1.md section 4, States)', async () => {
    const { metadata_key: key } = (await post('/share', 'secret=SECRET&ttl=3600', authorization)).json()
    expect((await get(`/private/${key}`)).json()).toMatchObject({ state: 'new', secret_ttl: 3600 })
    expect((await get(`/private/${key}`)).json()).toMatchObject({ state: 'viewed' })
    const burned = (await post(`/private/${key}/burn`, '')).json()
    expect(burned).toEqual({
      state: expect.any(Object),
      secret_shortkey: expect.stringMatching(/^[a-z0-9]{6}$/),
    })
    expect(burned['state']).toMatchObject({ metadata_key: key, state: 'burned' })
    expect(burned['state']).not.toHaveProperty('secret_key')
  })
})

describe('curl as the documentation calls it', () => {
  it('lists the recent secrets of the account, newest first, without secret keys (docs/api/v1.md section 3)', async () => {
    const keys: unknown[] = []
    for (const secret of ['one', 'two', 'three']) {
      server().clock.advance(1)
      keys.unshift((await post('/share', `secret=${secret}`, BASIC)).json()['metadata_key'])
    }
    const answer = await get('/private/recent', BASIC)
    const list = JSON.parse(answer.text) as Record<string, unknown>[]
    expect(list.slice(0, 3).map((metadata) => metadata['metadata_key'])).toEqual(keys)
    for (const metadata of list) expect(metadata).not.toHaveProperty('secret_key')
  })

  it('gets the status and checks its credentials (docs/api/v1.md section 3)', async () => {
    expect((await get('/status')).json()).toEqual({ status: 'nominal' })
    expect((await get('/authcheck', BASIC)).json()).toEqual({ status: 'nominal' })
    expect((await get('/authcheck')).json()).toEqual({ message: 'Not authorized' })
  })

  it('waits for 100 Continue before a large body, as it does unasked (docs/api/v1.md section 1)', async () => {
    const connection = await Connection.open(server().url)
    const secret = 'x'.repeat(10_000)
    connection.write(
      `POST /api/v1/share HTTP/1.1\r\nHost: ${connection.host}\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n` +
        `Content-Length: ${secret.length + 7}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
        'Expect: 100-continue\r\n\r\n',
    )
    expect(await connection.head()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.write(`secret=${secret}`)
    const { secret_key: key } = (await connection.answer()).json()
    connection.close()
    expect((await post(`/secret/${key}`, '')).json()).toMatchObject({ value: secret })
  })
})

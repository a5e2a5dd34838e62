import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { exchange } from '../../support/wire.ts'
import { Connection } from '../../wire/connection.ts'
import { type Api, api, rejection } from '../client.ts'

let server: TestServer
let anybody: Api
beforeAll(async () => {
  server = await startTestServer()
  anybody = api(server)
})
afterAll(() => server.close())

const NOT_FOUND = rejection(404, 'Not Found')

describe('docs/api/v1.md section 1: paths', () => {
  it.each([
    '/api/v1/status',
    '/api/v1/status/',
    '//api/v1/status',
    '/api//v1///status//',
    '/api/v1/status?',
    '/api/v1/status/?unknown=1',
    'http://elsewhere.example/api/v1/status',
  ])('answers the status at %s', async (target) => {
    expect((await exchange(server.url, `GET ${target} HTTP/1.1`)).json()).toEqual({ status: 'nominal' })
  })

  it('accepts a trailing slash after a key', async () => {
    const { body } = await anybody.post('/share/', { secret: 'a' })
    expect((await anybody.get(`//private/${body.metadata_key}/`)).body).toMatchObject({ state: 'new' })
    expect((await anybody.post(`/secret//${body.secret_key}/`)).body).toMatchObject({ value: 'a' })
  })

  it.each([
    ['GET', '/'],
    ['GET', ''],
    ['GET', '/nowhere'],
    ['GET', '/share'],
    ['GET', '/generate'],
    ['POST', '/authcheck'],
    ['PUT', '/share'],
    ['DELETE', '/private/abc'],
    ['PATCH', '/private/abc/burn'],
    ['GET', '/private/abc/burn'],
    ['POST', '/secret'],
    ['POST', '/private'],
    ['POST', '/private/abc/burn/now'],
    ['OPTIONS', '/share'],
    ['PROPFIND', '/status'],
    ['GET', '/Status'],
  ])('docs/api/v1.md section 5: answers Not Found to %s %s', async (method, path) => {
    expect(await anybody.call(method, path)).toEqual(NOT_FOUND)
  })

  it.each(['//api/v1/nope', '/api//v1/nope', '/api/v1//nope'])('answers Not Found to %s', async (target) => {
    const answer = await exchange(server.url, `POST ${target} HTTP/1.1\nContent-Length: 0`)
    expect(answer.json()).toEqual({ message: 'Not Found' })
    expect(answer.headers['x-ots-intended-status']).toBe('404')
  })

  it('docs/api/v1.md section 5: answers Unknown secret to a key of any length', async () => {
    const key = 'a'.repeat(5000)
    expect(await anybody.post(`/secret/${key}`)).toEqual(
      rejection(404, 'Unknown secret', { secret_key: key }),
    )
  })

  it('docs/api/v1.md section 3: treats the site’s own host without its port as no share domain', async () => {
    const { body } = await anybody.post('/share', { secret: 'a', share_domain: '127.0.0.1' })
    expect(body['share_domain']).toBe('')
  })

  it('docs/api/v1.md section 1: reads a parameter after any number of separators', async () => {
    const answer = await anybody.call('POST', '/share', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `secret=x${'&'.repeat(300)}passphrase=p`,
    })
    expect(answer.body['passphrase_required']).toBe(true)
  })
})

describe('docs/api/v1.md section 1, F5: no GET or HEAD reveals, burns or marks', () => {
  it('marks a secret as viewed by a GET of its metadata, not by a HEAD', async () => {
    const { body } = await anybody.post('/share', { secret: 'a' })
    const stateOf = async (method: string) =>
      (await anybody.call(method, `/private/${body.metadata_key}`)).body['state']
    expect(await stateOf('HEAD')).toBeUndefined()
    expect(await stateOf('HEAD')).toBeUndefined()
    expect(await stateOf('GET')).toBe('new')
    expect(await stateOf('GET')).toBe('viewed')
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s of the paths to reveal and burn leaves the secret to its recipient',
    async (method) => {
      const { body } = await anybody.post('/share', { secret: 'a' })
      const paths = [`/secret/${body.secret_key}`, `/private/${body.metadata_key}/burn`]
      for (const path of paths) {
        expect(await anybody.call(method, path)).toMatchObject({ status: 404, intended: 404 })
      }
      expect((await anybody.post(`/secret/${body.secret_key}`)).body.value).toBe('a')
    },
  )

  it('answers HEAD with the headers of GET and no body', async () => {
    for (const path of ['/status', '/authcheck', '/private/recent', '/private/abc']) {
      const [head, get] = await Promise.all([anybody.call('HEAD', path), anybody.get(path)])
      expect(head).toEqual({ ...get, body: {} })
    }
  })
})

describe('docs/api/v1.md section 1: old and careful clients', () => {
  it('answers Expect: 100-continue before the body is sent', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    const { host } = connection
    connection.write(
      `POST /api/v1/share HTTP/1.1\r\nHost: ${host}\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n`,
    )
    expect(await connection.head()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.write('secret=a')
    expect((await connection.answer()).json()).toMatchObject({ state: 'new' })
  })

  it('serves one request after another on a connection, also after a rejected one', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    const head = [`POST /api/v1/share HTTP/1.1`, `Host: ${connection.host}`]
    for (const body of ['secret=a', 'secret=', 'secret=%zz', 'secret=b']) {
      const answer = await connection.send([...head, `Content-Length: ${body.length}`], body)
      expect(answer.status).toBe(/=[ab]$/.test(body) ? 200 : 404)
    }
  })

  it('answers pipelined requests in their order', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    for (const path of ['status', 'nowhere', 'status']) {
      connection.write(`GET /api/v1/${path} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`)
    }
    const answers = [await connection.answer(), await connection.answer(), await connection.answer()]
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200])
  })

  it('answers HTTP/1.0 without a Host', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    const answer = await connection.send(['POST /api/v1/share HTTP/1.0', 'Content-Length: 8'], 'secret=a')
    expect(answer.json()).toMatchObject({ state: 'new' })
    await expect(connection.head()).rejects.toThrow('closed')
  })

  it('reads a body in chunks', async () => {
    const chunks = '4\r\nsecr\r\n5\r\net=ab\r\n0\r\n\r\n'
    const head = 'POST /api/v1/share HTTP/1.1\nTransfer-Encoding: chunked'
    const { secret_key: key } = (await exchange(server.url, head, chunks)).json()
    expect((await anybody.post(`/secret/${key}`)).body.value).toBe('ab')
  })

  it('ignores a request to upgrade', async () => {
    const head = 'GET /api/v1/status HTTP/1.1\nConnection: close, upgrade\nUpgrade: websocket'
    expect((await exchange(server.url, head)).status).toBe(200)
  })
})

describe('F26: a base path in PUBLIC_URL', () => {
  it.each(['/ots/api/v1', '/api/v1', '//ots//api/v1', '/ots//api/v1'])(
    'serves the API at %s, whether a proxy strips the path or not',
    async (prefix) => {
      const based = await startTestServer({ settings: { PUBLIC_URL: 'https://example.com/ots' } })
      onTestFinished(() => based.close())
      expect((await exchange(based.url, `GET ${prefix}/status HTTP/1.1`)).json()).toEqual({
        status: 'nominal',
      })
      expect((await exchange(based.url, `GET /other${prefix}/status HTTP/1.1`)).status).toBe(404)
    },
  )

  it.each(['http://example.com/ots/api/v1', 'http://example.com//ots//api/v1', 'HTTP://example.com/api/v1'])(
    'serves the API at the absolute address %s, which clients may send (RFC 9112 section 3.2.2)',
    async (prefix) => {
      const based = await startTestServer({ settings: { PUBLIC_URL: 'https://example.com/ots' } })
      onTestFinished(() => based.close())
      expect((await exchange(based.url, `GET ${prefix}/status HTTP/1.1`)).json()).toEqual({
        status: 'nominal',
      })
    },
  )
})

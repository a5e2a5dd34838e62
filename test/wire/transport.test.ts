// What HTTP allows any client to do: docs/api/v1.md section 1, last line.

import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { exchange } from '../support/wire.ts'
import { Connection } from './connection.ts'
import { serverOfFile } from './server.ts'

const server = serverOfFile()

const FORM = 'Content-Type: application/x-www-form-urlencoded'

async function share(secret: string): Promise<Record<string, unknown>> {
  const body = `secret=${secret}`
  const head = `POST /api/v1/share HTTP/1.1\n${FORM}\nContent-Length: ${body.length}`
  return (await exchange(server().url, head, body)).json()
}

async function stateOf(receiptKey: unknown): Promise<unknown> {
  return (await exchange(server().url, `GET /api/v1/private/${receiptKey} HTTP/1.1`)).json()['state']
}

describe('HTTP (docs/api/v1.md section 1)', () => {
  it('answers HTTP/1.0 without a Host header, and closes the connection', async () => {
    const connection = await Connection.open(server().url)
    connection.write(`POST /api/v1/share HTTP/1.0\r\n${FORM}\r\nContent-Length: 8\r\n\r\nsecret=x`)
    const answer = await connection.answer()
    expect(answer.status).toBe(200)
    expect(answer.headers['connection']).toBe('close')
    await expect(connection.head()).rejects.toThrow('the server closed the connection')

    const path = `/api/v1/secret/${answer.json()['secret_key']}`
    const revealed = await exchange(server().url, `POST ${path} HTTP/1.0\nConnection: close`)
    expect(revealed.json()['value']).toBe('x')
  })

  it('answers two pipelined reveals in order, and reveals once', async () => {
    const { secret_key: key } = await share('pipelined')
    const connection = await Connection.open(server().url)
    const post = `POST /api/v1/secret/${key} HTTP/1.1\r\nHost: ${connection.host}\r\nContent-Length: 0\r\n\r\n`
    connection.write(post + post)
    const answers = [await connection.answer(), await connection.answer()]
    connection.close()
    expect(answers.map((answer) => answer.json()['value'])).toEqual(['pipelined', undefined])
    expect(answers[1]?.json()['message']).toBe('Unknown secret')
  })

  it('keeps a connection open after answers of every kind', async () => {
    const connection = await Connection.open(server().url)
    const host = `Host: ${connection.host}`
    for (const [lines, status] of [
      [['GET /api/v1/status HTTP/1.1', host], 200],
      [['GET /api/v1/nowhere HTTP/1.1', host], 404],
      [['POST /api/v1/share?secret=%u00fc HTTP/1.1', host, 'Content-Length: 0'], 404],
      [['POST /api/v1/share?secret=x HTTP/1.1', host, 'Content-Length: 0'], 200],
    ] as const) {
      expect((await connection.send(lines)).status).toBe(status)
    }
    connection.close()
  })

  it('sends 100 Continue before a body of any type, and reads a chunked one', async () => {
    const { hostname, port } = new URL(server().url)
    const headers = { expect: '100-continue', 'content-type': 'application/json' }
    const client = request({ hostname, port, path: '/api/v1/share', method: 'POST', headers })
    client.flushHeaders()
    await once(client, 'continue')
    client.write('{"secret":')
    client.end('"chunked"}')
    const [answer] = await once(client, 'response')
    const { secret_key: key } = JSON.parse(await text(answer))
    const revealed = await exchange(server().url, `POST /api/v1/secret/${key} HTTP/1.1\nContent-Length: 0`)
    expect(revealed.json()['value']).toBe('chunked')
  })

  it('F5: answers HEAD as GET without the body, and neither changes anything', async () => {
    const { metadata_key: receiptKey, secret_key: secretKey } = await share('kept')
    const connection = await Connection.open(server().url)
    const heads: [string, number][] = [
      ['status', 200],
      [`private/${receiptKey}`, 200],
      [`private/${receiptKey}`, 200],
      [`secret/${secretKey}`, 404],
      [`private/${receiptKey}/burn`, 404],
      ['generate', 404],
    ]
    for (const [path, status] of heads) {
      connection.write(`HEAD /api/v1/${path} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`)
      const answer = await connection.answer('HEAD')
      expect(answer.status).toBe(status)
      expect(Number(answer.headers['content-length'])).toBeGreaterThan(0)
    }
    connection.close()
    for (const path of [`secret/${secretKey}`, `private/${receiptKey}/burn`]) {
      const answer = await exchange(server().url, `GET /api/v1/${path} HTTP/1.1`)
      expect(answer.json()).toEqual({ message: 'Not Found' })
    }
    expect(await stateOf(receiptKey)).toBe('new')
    expect(await stateOf(receiptKey)).toBe('viewed')
  })

  it.each([
    '/api/v1/status/',
    '//api/v1/status',
    '/api//v1/status',
    '/api/v1/status?',
    '/api/v1/status/?x=1',
  ])('answers GET %s with the status', async (path) => {
    expect((await exchange(server().url, `GET ${path} HTTP/1.1`)).json()).toEqual({ status: 'nominal' })
  })

  it.each([
    'application/json; charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'text/plain',
    'nonsense',
  ])('treats an empty body of type %s as no parameters', async (type) => {
    const head = `POST /api/v1/generate?ttl=60 HTTP/1.1\nContent-Type: ${type}\nContent-Length: 0`
    expect((await exchange(server().url, head)).json()).toMatchObject({ ttl: 60 })
  })
})

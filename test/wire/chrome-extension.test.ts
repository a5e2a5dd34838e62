// Extensions of Chrome that share by XMLHttpRequest or fetch: a form with Basic and `Origin: chrome-extension://…`. With the host
// in its permissions an extension needs no CORS headers; without, `CORS_ORIGINS` may list it.

import { describe, expect, it } from 'vitest'
import { BASIC, clientOf, serverOfFile } from './server.ts'

const EXTENSION = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'

const HEADERS = `
  Host: {host}
  Connection: keep-alive
  Content-Length: {length}
  Authorization: {authorization}
  User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36
  Content-Type: application/x-www-form-urlencoded
  Accept: */*
  Origin: ${EXTENSION}
  Sec-Fetch-Site: none
  Sec-Fetch-Mode: cors
  Sec-Fetch-Dest: empty
  Accept-Encoding: gzip, deflate, br, zstd
  Accept-Language: en-US,en;q=0.9`

const server = serverOfFile()
const listing = serverOfFile({ CORS_ORIGINS: EXTENSION })

describe('a Chrome extension', () => {
  it('shares whatever its origin', async () => {
    const answer = await clientOf(server, HEADERS)('POST /share', {
      authorization: BASIC,
      body: 'secret=a%20%26%20b',
    })
    expect(answer.status).toBe(200)
    expect(answer.json()['secret_key']).toMatch(/^[a-z0-9]{31}$/)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('gets CORS headers when its origin is listed', async () => {
    const answer = await clientOf(listing, HEADERS)('POST /share', { authorization: BASIC, body: 'secret=x' })
    expect(answer.headers['access-control-allow-origin']).toBe(EXTENSION)
  })
})

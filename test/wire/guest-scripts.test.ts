// Small programs that conceal on the guest path of v2, one request each: a .NET tray application (OpenOTSTray), a Python module
// of the standard library (a one-time token, Bentley), and a fish function. They read `record.secret.key`.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { clientOf, serverOfFile } from './server.ts'

const HOST = 'secrets.example.com'
const PATH = '/api/v2/guest/secret/conceal'

const server = serverOfFile()

async function revealedValue(key: unknown): Promise<unknown> {
  const send = clientOf(server, 'Host: {host}\nContent-Length: {length}')
  return (await send(`POST /secret/${key}`, { body: '' })).json()['value']
}

describe('the .NET tray application OpenOTSTray', () => {
  // PostAsJsonAsync sends its body in chunks, without a length.
  const tray = clientOf(
    server,
    `Host: ${HOST}
    Transfer-Encoding: chunked
    Content-Type: application/json; charset=utf-8`,
  )
  const get = clientOf(server, `Host: ${HOST}`)
  const chunked = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`

  it('conceals in a chunked body, and asks for the state of the receipt', async () => {
    const json = JSON.stringify({
      secret: { kind: 'conceal', share_domain: HOST, secret: 'tray', ttl: 604_800, passphrase: 'pw' },
    })
    const answer = await tray(`POST ${PATH}`, { body: chunked(json) })
    const receipt = dig(answer.json(), 'record', 'receipt', 'identifier')
    expect(dig(answer.json(), 'record', 'secret', 'key')).toEqual(expect.any(String))
    const state = async () =>
      dig((await get(`GET /api/v2/guest/receipt/${receipt}`)).json(), 'record', 'state')
    expect(await state()).toBe('new')
    const burned = await tray(`POST /api/v2/guest/receipt/${receipt}/burn`, {
      body: chunked('{"continue":true,"passphrase":"pw"}'),
    })
    expect(burned.json()['success']).toBe(true)
    expect(await state()).toBe('burned')
  })

  it('shows the `error` of a failure', async () => {
    const answer = await tray(`POST ${PATH}`, { body: chunked('{"secret":{"kind":"conceal","secret":""}}') })
    expect(answer.status).toBe(422)
    expect(answer.json()['error']).toBe('You did not provide anything to share')
  })
})

describe('the Python module that hands out a token', () => {
  const urllib = clientOf(
    server,
    `Accept-Encoding: identity
    Content-Length: {length}
    Host: ${HOST}
    User-Agent: Python-urllib/3.11
    Content-Type: application/json
    Accept: application/json
    Connection: close`,
  )

  it('reads the key and a share domain that may be null', async () => {
    const secret = `{"kind": "conceal", "share_domain": "${HOST}", "secret": "tok\\u00e9n", "ttl": 86400}`
    const answer = await urllib(`POST ${PATH}`, { body: `{"secret": ${secret}}` })
    expect(dig(answer.json(), 'record', 'share_domain')).toBeNull()
    expect(await revealedValue(dig(answer.json(), 'record', 'secret', 'key'))).toBe('tokén')
  })
})

describe('the fish function copy-ots', () => {
  const curl = clientOf(
    server,
    `Host: {host}
    User-Agent: curl/7.88.1
    Accept: */*
    Content-Type: application/json
    Content-Length: {length}`,
  )

  it("sends jq's pretty JSON, of which curl drops the line breaks", async () => {
    const answer = await curl(`POST ${PATH}`, {
      body: '{  "secret": {    "kind": "conceal",    "secret": "fi\\nsh"  }}',
    })
    expect(await revealedValue(dig(answer.json(), 'record', 'secret', 'key'))).toBe('fi\nsh')
  })
})

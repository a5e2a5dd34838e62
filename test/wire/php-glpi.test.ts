// The GLPI plugin OneTimeSecret (TICGAL): PHP's curl. Today's version speaks v2 with its server as share domain; the one before
// sent multipart to v1. It cuts no corner: only a 200, and only a key of letters and digits.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { BASIC, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Host: secrets.example.com
  Accept: */*
  Accept-Encoding: deflate, gzip, br, zstd
  Content-Type: {type}
  Authorization: {authorization}
  Content-Length: {length}`,
)

async function createSecret(secret: string, ttl: number, passphrase?: string): Promise<string | false> {
  // PHP's json_encode escapes slashes and writes non-ASCII as \uXXXX.
  const json = JSON.stringify({
    secret: { kind: 'conceal', secret, ttl, share_domain: 'secrets.example.com', passphrase },
  })
  const body = json
    .replaceAll('/', '\\/')
    .replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const parts = { authorization: BASIC, body, type: 'application/json' }
  const answer = await send('POST /api/v2/secret/conceal', parts)
  if (answer.status !== 200) return false
  const key = dig(answer.json(), 'record', 'secret', 'identifier')
  return typeof key === 'string' && /^[a-z0-9]+$/i.test(key)
    ? `https://secrets.example.com/secret/${key}`
    : false
}

describe('the GLPI plugin on v2', () => {
  it.each([3600, 2_592_000])('creates a link for %i seconds', async (ttl) => {
    const link = await createSecret('C:/Döküments 🔑', ttl, 'pw')
    expect(link).not.toBe(false)
    const key = String(link).split('/').at(-1)
    const shown = (await send(`GET /api/v2/secret/${key}`)).json()
    expect(shown['record']).toMatchObject({ secret_ttl: ttl, has_passphrase: true })
    const revealed = await send(`POST /secret/${key}`, { body: 'passphrase=pw', type: 'text/plain' })
    expect(revealed.json()['value']).toBe('C:/Döküments 🔑')
  })

  it('fails on any status but 200', async () => {
    expect(await createSecret('', 3600)).toBe(false)
  })
})

describe('the GLPI plugin on v1', () => {
  it('creates a link by multipart', async () => {
    const boundary = '------------------------4ebf00fbcf09ae3f'
    const field = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const body = `${field('secret', 'pä ss')}${field('ttl', '3600')}${field('passphrase', '')}--${boundary}--\r\n`
    const type = `multipart/form-data; boundary=${boundary}`
    const answer = await send('POST /share', { authorization: BASIC, body, type })
    expect(answer.json()).toMatchObject({ ttl: 3600, passphrase_required: false })
    const revealed = await send(`POST /secret/${answer.json()['secret_key']}`, { body: '', type })
    expect(revealed.json()['value']).toBe('pä ss')
  })
})

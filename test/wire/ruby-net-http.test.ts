// Ruby scripts on Net::HTTP that write the form themselves: `request.body = "secret=#{secret}&ttl=3600"`, unescaped.

import { describe, expect, it } from 'vitest'
import { BASIC, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3
  Accept: */*
  User-Agent: Ruby
  Host: {host}
  Authorization: {authorization}
  Content-Type: application/x-www-form-urlencoded
  Connection: close
  Content-Length: {length}`,
)

async function share(body: string): Promise<unknown> {
  const shared = await send('POST /share', { authorization: BASIC, body })
  return (await send(`POST /secret/${shared.json()['secret_key']}`, { body: '' })).json()['value']
}

describe('Ruby on Net::HTTP', () => {
  it('shares raw blanks, line breaks and UTF-8', async () => {
    expect(await share('secret=two words\nand ü&ttl=3600')).toBe('two words\nand ü')
  })

  it('loses a plus sign and what follows an ampersand, as everywhere', async () => {
    expect(await share('secret=1+1&2&ttl=3600')).toBe('1 1')
  })
})

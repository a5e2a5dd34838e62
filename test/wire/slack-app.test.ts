// A Slack app (pchiwan/slackonetimesecret), src/utils.js: the text is joined into the query as it is, by node-fetch on
// Node.js, which escapes blanks and non-ASCII but not `+ & # %`. What these cut off never leaves the client.

import { describe, expect, it } from 'vitest'
import { clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Content-Length: {length}
  Accept: */*
  User-Agent: node-fetch/1.0 (+https://github.com/bitinn/node-fetch)
  Accept-Encoding: gzip,deflate
  Connection: close
  Host: {host}`,
)

async function share(text: string): Promise<unknown> {
  const { pathname, search } = new URL(`https://x/api/v1/share?secret=${text}`)
  const shared = await send(`POST ${pathname}${search}`, { body: '' })
  if (shared.status !== 200) return shared.json()['message']
  return (await send(`POST /secret/${shared.json()['secret_key']}`, { body: '' })).json()['value']
}

describe('the Slack app', () => {
  it.each([
    ['lorem ipsum ü', 'lorem ipsum ü'],
    ['one+one', 'one one'],
    ['a&b', 'a'],
    ['a#b', 'a'],
    ['100%25', '100%'],
  ])('shares %j, which arrives as %j', async (text, arrived) => {
    expect(await share(text)).toBe(arrived)
  })

  it('gets a message for a percent sign that escapes nothing', async () => {
    expect(await share('100% sure')).toBe('Malformed request: invalid percent-encoding')
  })
})

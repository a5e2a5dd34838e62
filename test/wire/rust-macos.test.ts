// The macOS companion (onetimesecret/macos), crates/ots-client and crates/ffi: v3 with Basic when it has a token, else the
// guest path; JSON in the order of its fields; lower-case headers, as its HTTP library (ureq) writes them. It asks only https
// servers, accepts any 2xx, and shows the `message` of an error, else its `error`.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { readSerde } from './serde.ts'
import { ACCOUNT, BASIC, basic, clientOf, serverOfFile, UR_NAME } from './server.ts'

const server = serverOfFile({ SHARE_DOMAINS: 'links.example.com' })
const send = clientOf(
  server,
  `host: secrets.example.com
  content-type: {type}
  accept: application/json
  authorization: {authorization}
  content-length: {length}
  user-agent: ureq/3.1.4`,
)

const CONCEALED = {
  record: {
    receipt: {
      identifier: 'String',
      shortid: 'Option<String>',
      state: 'Option<String>',
      secret_ttl: 'Option<u64>',
    },
    secret: {
      identifier: 'String',
      key: 'String',
      shortid: 'Option<String>',
      state: 'Option<String>',
      has_passphrase: 'bool = false',
    },
    share_domain: 'Option<String>',
  },
} as const

interface Options {
  readonly share_domain?: string
  readonly ttl?: number
  readonly passphrase?: string
  readonly recipient?: string
}

/** One conceal; the share domain is the server's own host unless the person names another. */
async function conceal(secret: string, options: Options = {}, authorization?: string) {
  const { share_domain = 'secrets.example.com', ttl = 604_800, ...rest } = options
  const body = JSON.stringify({ secret: { kind: 'conceal', secret, share_domain, ttl, ...rest } })
  const path = authorization === undefined ? '/api/v3/guest/secret/conceal' : '/api/v3/secret/conceal'
  const answer = await send(`POST ${path}`, { authorization, body, type: 'application/json' })
  if (answer.status >= 200 && answer.status < 300) return readSerde(answer.text, CONCEALED).record
  const error = answer.json()
  throw new Error(`the server refused (${answer.status}): ${error['message'] ?? error['error']}`)
}

/** `share_link`: on the domain that the answer names, else on the server. */
function linkOf({ secret, share_domain }: Awaited<ReturnType<typeof conceal>>): string {
  return `https://${share_domain || 'secrets.example.com'}/secret/${secret.key}`
}

async function reveal(key: string, passphrase = ''): Promise<unknown> {
  const body = JSON.stringify({ continue: true, passphrase })
  const answer = await send(`POST /api/v3/guest/secret/${key}/reveal`, { body, type: 'application/json' })
  return dig(answer.json(), 'record', 'secret_value')
}

describe.each([
  ['as a guest', undefined],
  ['with an email address and a token', BASIC],
  ['with a ur name and a token', basic(UR_NAME, ACCOUNT.token)],
])('the macOS companion, %s', (_who, authorization) => {
  it('conceals for seven days, and makes a link on the server', async () => {
    const concealed = await conceal('the payload è\n', {}, authorization)
    expect(concealed.receipt.secret_ttl).toBe(604_800)
    expect(concealed.secret).toMatchObject({ has_passphrase: false, state: 'new' })
    expect(linkOf(concealed)).toBe(`https://secrets.example.com/secret/${concealed.secret.key}`)
    expect(await reveal(concealed.secret.key)).toBe('the payload è\n')
  })

  it('conceals with a passphrase and a ttl, on a custom domain', async () => {
    const options = { ttl: 3600, passphrase: 'pw', share_domain: 'links.example.com' }
    const concealed = await conceal('x', options, authorization)
    expect(concealed.receipt.secret_ttl).toBe(3600)
    expect(concealed.secret.has_passphrase).toBe(true)
    expect(linkOf(concealed)).toMatch(/^https:\/\/links\.example\.com\/secret\//)
    expect(await reveal(concealed.secret.key, 'pw')).toBe('x')
  })
})

describe('the macOS companion', () => {
  it('tests its connection by GET /api/v3/status', async () => {
    expect((await send('GET /api/v3/status')).status).toBe(200)
  })

  it('has the link sent to a recipient when it is signed in', async () => {
    const { secret } = await conceal('x', { recipient: 'foo@example.com' }, BASIC)
    expect(server().mails.at(-1)).toMatchObject({
      to: 'foo@example.com',
      link: expect.stringContaining(secret.key),
    })
  })

  it('shows why the server refused', async () => {
    await expect(conceal('x', {}, basic('onabc123', ACCOUNT.token))).rejects.toThrow(
      'the server refused (401): [CREDENTIALS_INVALID] Invalid credentials',
    )
    await expect(conceal('')).rejects.toThrow(
      'the server refused (422): You did not provide anything to share',
    )
    await expect(conceal('x', { recipient: 'foo@example.com' })).rejects.toThrow(
      'the server refused (401): An account is required to send emails.',
    )
  })
})

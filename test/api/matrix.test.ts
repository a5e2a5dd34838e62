import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { exchange } from '../support/wire.ts'
import { Visitor } from '../web/visitor.ts'
import { ANA, api, basic } from './client.ts'
import { ana, client, type Keys } from './v2/client.ts'

const VALUE = 'a secret from any version'

let server: TestServer
let visitor: Visitor
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: 'off', TRUST_PROXY: '1' },
  })
  visitor = new Visitor(server)
  await visitor.fill('/signin', ANA)
})
afterAll(() => server.close())

const form = (path: string, body: string, headers: string[] = []) =>
  exchange(
    server.url,
    [`POST ${path} HTTP/1.1`, ...headers, `Content-Length: ${body.length}`].join('\n'),
    body,
  )

/** One way to use the server. Each does everything by itself, as Ana. */
interface Way {
  create(passphrase?: string): Promise<Keys>
  /** Returns the value; undefined when it was not revealed. */
  reveal(keys: Keys, passphrase?: string): Promise<string | undefined>
  /** Returns whether this call burned the secret. */
  burn(keys: Keys, passphrase?: string): Promise<boolean>
  /** Returns the state in v2's words. */
  inspect(keys: Keys): Promise<string>
  /** Returns the receipt keys in the recent list, newest first, and the text that has them. */
  list(): Promise<{ keys: string[]; text: string }>
}

const V1_STATES: Readonly<Record<string, string>> = { viewed: 'new', received: 'revealed' }

const v1: Way = {
  async create(passphrase = '') {
    const { body } = await api(server, basic()).post('/share', { secret: VALUE, passphrase })
    return { secretKey: body.secret_key, receiptKey: body.metadata_key }
  },
  async reveal({ secretKey }, passphrase = '') {
    const { body } = await api(server, basic()).post(`/secret/${secretKey}`, { passphrase })
    return body.value
  },
  async burn({ receiptKey }, passphrase = '') {
    return (await api(server).post(`/private/${receiptKey}/burn`, { passphrase })).status === 200
  },
  async inspect({ receiptKey }) {
    const state = String((await api(server).get(`/private/${receiptKey}`)).body['state'])
    return V1_STATES[state] ?? state
  },
  async list() {
    const { body } = await api(server, basic()).get('/private/recent')
    const records = body as unknown as { metadata_key: string }[]
    return { keys: records.map(({ metadata_key }) => metadata_key), text: JSON.stringify(records) }
  },
}

function newer(version: 'v2' | 'v3', guest = ''): Way {
  return {
    create: (passphrase) => ana(server, version).conceal({ secret: VALUE, passphrase }),
    async reveal({ secretKey }, passphrase) {
      const by = client(server, version)
      const { body } = await by.post(`${guest}/secret/${secretKey}/reveal`, { continue: true, passphrase })
      return body.record?.secret_value
    },
    async burn({ receiptKey }, passphrase) {
      const by = client(server, version)
      const { body } = await by.post(`${guest}/receipt/${receiptKey}/burn`, { continue: true, passphrase })
      return body.success === true
    },
    async inspect({ receiptKey }) {
      return (await client(server, version).get(`${guest}/receipt/${receiptKey}`)).body.record.state
    },
    async list() {
      const { body } = await ana(server, version).get('/receipt/recent')
      const keys = body.records.map((record: { identifier: string }) => record.identifier)
      return { keys, text: JSON.stringify(body) }
    },
  }
}

const HEADINGS: Readonly<Record<string, string>> = {
  'Your link is ready': 'new',
  'Waiting to be opened': 'new',
  'The secret was opened': 'revealed',
  'The secret was deleted unopened': 'burned',
}

const pages: Way = {
  async create(passphrase = '') {
    const { location = '' } = await visitor.fill('/', { secret: VALUE, passphrase })
    const receiptKey = location.slice('/private/'.length)
    const { text } = await visitor.get(location)
    return { receiptKey, secretKey: /\/secret\/([a-z0-9]{31})/.exec(text)?.[1] ?? '' }
  },
  async reveal({ secretKey }, passphrase = '') {
    const { text } = await visitor.fill(`/secret/${secretKey}`, { passphrase })
    return text.includes(VALUE) ? VALUE : undefined
  },
  async burn({ receiptKey }, passphrase = '') {
    const path = `/private/${receiptKey}`
    const page = await visitor.get(path)
    const isLive = page.text.includes(`action="${path}/burn"`)
    await visitor.submit(page, `${path}/burn`, { passphrase })
    return isLive && (await pages.inspect({ receiptKey, secretKey: '' })) === 'burned'
  },
  async inspect({ receiptKey }) {
    const { heading } = await visitor.get(`/private/${receiptKey}`)
    return HEADINGS[heading] ?? heading
  },
  async list() {
    const { text } = await visitor.get('/recent')
    return { keys: [...text.matchAll(/\/private\/([a-z0-9]{31})/g)].map(([, key = '']) => key), text }
  },
}

const WAYS: readonly (readonly [string, Way])[] = [
  ['v1', v1],
  ['v2', newer('v2')],
  ['v3', newer('v3')],
  ['v3 guest', newer('v3', '/guest')],
  ['the pages', pages],
]
const PAIRS = WAYS.flatMap(([maker, made]) =>
  WAYS.map(([taker, taken]) => [maker, taker, made, taken] as const),
)

describe('a secret', () => {
  it.each(PAIRS)(
    'made by %s is revealed once by %s, and all report it',
    async (_maker, _taker, made, taken) => {
      for (const passphrase of ['', 'tulip']) {
        const keys = await made.create(passphrase)
        if (passphrase !== '') expect(await taken.reveal(keys, 'rose')).toBeUndefined()
        for (const [name, way] of WAYS) expect(await way.inspect(keys), name).toBe('new')
        expect(await taken.reveal(keys, passphrase)).toBe(VALUE)
        for (const [name, way] of WAYS) {
          expect(await way.reveal(keys, passphrase), name).toBeUndefined()
          expect(await way.burn(keys, passphrase), name).toBe(false)
          expect(await way.inspect(keys), name).toBe('revealed')
        }
      }
    },
  )

  it.each(PAIRS)(
    'made by %s is burned once by %s, and all report it',
    async (_maker, _taker, made, taken) => {
      for (const passphrase of ['', 'tulip']) {
        const keys = await made.create(passphrase)
        if (passphrase !== '') expect(await taken.burn(keys, 'rose')).toBe(false)
        expect(await taken.burn(keys, passphrase)).toBe(true)
        for (const [name, way] of WAYS) {
          expect(await way.reveal(keys, passphrase), name).toBeUndefined()
          expect(await way.burn(keys, passphrase), name).toBe(false)
          expect(await way.inspect(keys), name).toBe('burned')
        }
      }
    },
  )

  it('F27: made by each is in the recent list of all, of which only the page of the owner has its link', async () => {
    const made = []
    for (const [, way] of WAYS) made.push(await way.create())
    for (const [name, way] of WAYS) {
      const { keys, text } = await way.list()
      for (const { receiptKey, secretKey } of made) {
        expect(keys, name).toContain(receiptKey)
        expect(secretKey, name).toMatch(/^[a-z0-9]{31}$/)
        expect(text.includes(secretKey), name).toBe(way === pages)
      }
    }
  })

  it('made by each is one record: attempts with one version count in the others', async () => {
    for (const [, way] of WAYS) {
      const keys = await way.create('tulip')
      for (const [, other] of WAYS) await other.reveal(keys, 'rose')
      for (const [name, other] of WAYS) expect(await other.reveal(keys, 'tulip'), name).toBeUndefined()
      expect(
        await client(server, 'v2').post(`/secret/${keys.secretKey}/reveal`, { passphrase: 'tulip' }),
      ).toMatchObject({
        status: 429,
      })
    }
  })
})

describe('F1: a race between all versions and the pages, on connections of their own', () => {
  const reveal = (key: string, index: number, body: string) => {
    const from = [`X-Forwarded-For: 203.0.113.${index}`]
    const paths = [
      `/api/v1/secret/${key}`,
      `/api/v2/secret/${key}/reveal`,
      `/api/v3/secret/${key}/reveal`,
      `/api/v3/guest/secret/${key}/reveal`,
    ]
    return form(paths[index % paths.length] ?? '', `continue=true${body}`, from)
  }

  it.each(WAYS)('for a secret made by %s has one winner', async (_name, way) => {
    for (const passphrase of ['', 'tulip']) {
      const keys = await way.create(passphrase)
      const page = new Visitor(server, { 'X-Forwarded-For': '203.0.113.200' })
      const open = await page.get(`/secret/${keys.secretKey}`)
      const body = passphrase === '' ? '' : `&passphrase=${passphrase}`
      const answers = await Promise.all([
        ...Array.from({ length: 24 }, (_, index) => reveal(keys.secretKey, index, body)),
        page.submit(open, `/secret/${keys.secretKey}`, { passphrase }),
      ])
      expect(answers.filter(({ text }) => text.includes(VALUE))).toHaveLength(1)
      expect(await v1.inspect(keys)).toBe('revealed')
    }
  })

  it.each(WAYS)('of reveals and burns of a secret made by %s has one winner', async (_name, way) => {
    const keys = await way.create()
    const burns = [
      `/api/v1/private/${keys.receiptKey}/burn`,
      `/api/v2/receipt/${keys.receiptKey}/burn`,
      `/api/v3/guest/receipt/${keys.receiptKey}/burn`,
    ]
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        index % 2 === 0
          ? reveal(keys.secretKey, index / 2, '')
          : form(burns[index % burns.length] ?? '', 'continue=true'),
      ),
    )
    const revealed = answers.filter(({ text }) => text.includes(VALUE))
    const burned = answers.filter(
      ({ text, status }) =>
        status === 200 && (text.includes('"secret_shortkey"') || text.includes('"success":true')),
    )
    expect(revealed.length + burned.length).toBe(1)
    expect(await v1.inspect(keys)).toBe(revealed.length === 1 ? 'revealed' : 'burned')
  })
})

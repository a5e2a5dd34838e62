import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { ANA, type Body, basic } from '../api/client.ts'
import { collectRoutes } from '../support/routes.ts'
import { Visitor } from '../web/visitor.ts'
import { type Metered, REJECTED, startMetered } from './metered.ts'

const MARK = 'mark0123456789'
const ADDRESS = '198.51.100.7'
const FORM = {
  secret: MARK,
  passphrase: MARK,
  email: `${MARK}@example.com`,
  token: MARK,
  recipient: REJECTED,
}

const callers: Readonly<Record<string, string>>[] = [{}, basic(), basic(`${MARK}@example.com`, MARK)]

/** Creates a secret of Ana's and returns its keys. */
async function keysOf(server: Metered, passphrase = ''): Promise<string[]> {
  const body = new URLSearchParams({ secret: MARK, passphrase })
  const response = await fetch(`${server.url}/api/v1/share`, { method: 'POST', headers: basic(), body })
  const { secret_key, metadata_key } = (await response.json()) as Body
  return [secret_key, metadata_key]
}

/** Sends a request of every caller to a route, with each key in its place. */
async function drive(server: Metered, method: string, url: string, keys: readonly string[]): Promise<void> {
  for (const headers of callers) {
    for (const key of [...keys, MARK]) {
      const path = url.replace(/:\w+/g, key).replace('*', MARK)
      await fetch(`${server.url}${path}?${MARK}=${MARK}`, {
        method,
        redirect: 'manual',
        headers: { ...headers, 'x-forwarded-for': ADDRESS, 'user-agent': MARK },
        ...(method === 'POST' && { body: new URLSearchParams(FORM) }),
      })
    }
  }
}

it('no line of the log at LOG_LEVEL=trace shows a key, secret, passphrase, token, address or link, on any route', async () => {
  const ROOT_KEY = randomBytes(32).toString('hex')
  const server = await startMetered({ LOG_LEVEL: 'trace', RATE_LIMIT: 'off', TRUST_PROXY: '1', ROOT_KEY })
  const { app, routes } = await collectRoutes()
  await app.close()
  const marks = [MARK, ADDRESS, ANA.email, ANA.token, 'ana@', REJECTED, ROOT_KEY]
  for (const { method, url } of routes) {
    for (const one of [method].flat()) {
      const keys = [...(await keysOf(server)), ...(await keysOf(server, MARK))]
      await drive(server, one, url, keys)
      marks.push(...keys)
    }
  }

  const visitor = new Visitor(server, { 'X-Forwarded-For': ADDRESS })
  await visitor.fill('/signin', { email: ANA.email, token: MARK })
  await visitor.fill('/signin', { email: ANA.email, token: ANA.token })
  await visitor.fill('/', { secret: MARK, passphrase: MARK })
  const [secretKey = '', receiptKey = ''] = await keysOf(server, MARK)
  marks.push(secretKey, receiptKey)
  for (let i = 0; i < 6; i += 1) await visitor.fill(`/secret/${secretKey}`, { passphrase: `not ${MARK}` })
  await visitor.submit(await visitor.get(`/private/${receiptKey}`), `/private/${receiptKey}/attempts`)
  const page = await visitor.get(`/private/${receiptKey}`)
  await visitor.submit(page, `/private/${receiptKey}/burn`, { passphrase: MARK })

  const log = server.log()
  expect(log.split('\n').length).toBeGreaterThan(routes.length * callers.length)
  const events = new Set([...log.matchAll(/"audit":"(\w+)"/g)].map(([, event]) => event))
  const written = ['created', 'withdrawn', 'received', 'burned', 'locked', 'attempts_cleared']
  expect([...events].sort()).toEqual([...written, 'authentication_failed'].sort())
  const lowerCase = log.toLowerCase()
  expect(marks.filter((mark) => lowerCase.includes(mark.toLowerCase()))).toEqual([])
})

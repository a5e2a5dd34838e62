import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { Connection } from '../wire/connection.ts'
import { fieldsIn } from './form-fields.ts'
import { type PageAnswer, Visitor } from './visitor.ts'

const MIB = 1024 * 1024
const FORM = 'Share a secret that opens once'
const TOO_LONG = 'The secret is too long: the maximum is 10,000 bytes.'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { TRUST_PROXY: '1', RATE_LIMIT: 'unreadable-body=20/600' },
  })
})
afterAll(() => server.close())

let clients = 0
/** A visitor from a network of its own. */
function newVisitor(): Visitor {
  clients += 1
  return new Visitor(server, { 'X-Forwarded-For': `198.51.100.${clients}` })
}

describe('F44: a text that is far too long', () => {
  it.each([
    ['1 MiB of letters', 'x'.repeat(MIB)],
    ['1 MiB that a form escapes as three', `${'é"\n'.repeat(MIB / 4)}`],
  ])('comes back in the form, with the error of its field: %s', async (_what, secret) => {
    const page = await newVisitor().fill('/', { secret, passphrase: 'tulip', ttl: '3600' })
    expect(page).toMatchObject({ status: 413, heading: FORM })
    expect(page.text).toContain(`id="secret-error">${TOO_LONG}<`)
    const fields = fieldsIn(page)
    expect(fields['secret'] === secret).toBe(true)
    expect(fields).toMatchObject({ passphrase: 'tulip', ttl: '3600' })
  })

  it('survives another language, signing in and an invalid CSRF token', async () => {
    const secret = 'x'.repeat(200_000)
    const visitor = newVisitor()
    const keeps = (page: PageAnswer, status: number) => {
      expect(page.status).toBe(status)
      expect(fieldsIn(page)['secret'] === secret).toBe(true)
    }
    const expired = await visitor.post('/', { secret })
    keeps(expired, 403)
    keeps(await visitor.press(expired, '/', '/draft?language=it', fieldsIn(expired)), 200)
    const signIn = await visitor.press(expired, '/', '/draft?step=sign-in', fieldsIn(expired))
    keeps(signIn, 200)
    const rejected = await visitor.submit(signIn, '/signin', { email: 'x', token: 'y' })
    keeps(rejected, 401)
    keeps(await visitor.submit(rejected, '/signin', ANA), 200)
  })

  it('is too long even for that above 3 MiB and 64 kB, as the form is sent', async () => {
    const page = await newVisitor().fill('/', { secret: 'x'.repeat(3 * MIB + 65_536) })
    expect(page).toMatchObject({ status: 413, heading: 'That didn’t work' })
    expect(page.text).toContain(TOO_LONG)
  })

  it('does not come back from a path that shows no form again', async () => {
    const page = await newVisitor().fill('/signout', { secret: 'x'.repeat(200_000) })
    expect(page).toMatchObject({ status: 413, heading: 'That didn’t work' })
    expect(page.text).toContain(TOO_LONG)
  })

  it('counts against the rate limit of bodies that cannot be read', async () => {
    const visitor = newVisitor()
    const secret = 'x'.repeat(130_000)
    const statuses: number[] = []
    for (let i = 0; i < 21; i += 1) statuses.push((await visitor.fill('/', { secret })).status)
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 413))
    expect(statuses[20]).toBe(429)
  })
})

describe('the memory for forms that are too large', () => {
  const LENGTH = 2 * MIB

  /** Sends the beginning of a large form, and leaves the server waiting for the rest. */
  async function begin(network: string): Promise<{ finish: () => Promise<void> }> {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    const lines = [
      'Host: a',
      `X-Forwarded-For: ${network}`,
      `Content-Length: ${LENGTH}`,
      'Expect: 100-continue',
    ]
    connection.write(`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    expect(await connection.head()).toContain('100 Continue')
    return {
      finish: async () => {
        connection.write('x'.repeat(LENGTH))
        await connection.answer()
      },
    }
  }

  const secret = 'x'.repeat(200_000)

  it('is shared: one form of each client network, and two at a time', async () => {
    const [one, other] = [newVisitor(), newVisitor()]
    const first = await begin('203.0.113.1')
    const sameNetwork = new Visitor(server, { 'X-Forwarded-For': '203.0.113.1' })
    expect((await sameNetwork.fill('/', { secret })).heading).toBe('That didn’t work')
    expect((await one.fill('/', { secret })).heading).toBe(FORM)

    const second = await begin('203.0.113.2')
    expect((await other.fill('/', { secret })).heading).toBe('That didn’t work')
    await first.finish()
    await expect.poll(async () => (await other.fill('/', { secret })).heading).toBe(FORM)
    await second.finish()
    expect((await sameNetwork.fill('/', { secret })).heading).toBe(FORM)
  })
})

import type { TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { type PageAnswer, Visitor } from './visitor.ts'

/** One answer that a browser can get. */
export interface Sight {
  readonly name: string
  readonly answer: PageAnswer
}

/**
 * Walks through every page there is, in most of its states.
 * @param server One that has Ana's account.
 * @param headers What the browser always sends.
 */
export async function everyPage(
  server: TestServer,
  headers: Readonly<Record<string, string>>,
): Promise<Sight[]> {
  const client = api(server)
  const share = async (params: Record<string, string>) => (await client.post('/share', params)).body
  const stranger = new Visitor(server, headers)
  const ana = new Visitor(server, headers)
  const [open, closed, burned, expired] = [
    await share({ secret: 'x'.repeat(2000) }),
    await share({ secret: 'x', passphrase: 'tulip' }),
    await share({ secret: 'x' }),
    await share({ secret: 'x', ttl: '60' }),
  ]
  await client.post(`/private/${burned.metadata_key}/burn`)
  server.clock.advance(61)

  const sights: Sight[] = []
  const see = async (name: string, answer: Promise<PageAnswer>) => {
    sights.push({ name, answer: await answer })
  }
  await see('the form', stranger.get('/'))
  await see('a refused form', stranger.fill('/', { secret: '' }))
  await see('a stale form', stranger.post('/', { secret: 'x' }))
  await see('a foreign form', stranger.post('/', {}, { Origin: 'https://evil.example' }))
  await see('a receipt', stranger.get(`/private/${closed.metadata_key}`))
  await see('a refused burn', stranger.fill(`/private/${closed.metadata_key}`))
  await see('a burned receipt', stranger.get(`/private/${burned.metadata_key}`))
  await see('an expired receipt', stranger.get(`/private/${expired.metadata_key}`))
  await see('a waiting message', stranger.get(`/secret/${open.secret_key}`))
  await see('an opened message', stranger.fill(`/secret/${open.secret_key}`))
  await see('an opened receipt', stranger.get(`/private/${open.metadata_key}`))
  await see('a wrong passphrase', stranger.fill(`/secret/${closed.secret_key}`, { passphrase: 'rose' }))
  await see('a last try', stranger.fill(`/secret/${closed.secret_key}`, { passphrase: 'rose' }))
  await see('no message', stranger.get(`/secret/${open.secret_key}`))
  await see('no page', stranger.get('/no/such/page'))
  await see('an unreadable address', stranger.get('/secret/%ff'))
  await see('a redirect', stranger.get(`/receipt/${open.metadata_key}`))
  await see('recent, for a stranger', stranger.get('/recent'))
  await see('signing in', stranger.get('/signin'))
  await see('a refused sign-in', stranger.fill('/signin', { email: 'x', token: 'y' }))
  await see('a sign-in', ana.fill('/signin', ANA))
  await see('nothing recent', ana.get('/recent'))
  await see('the form of an account', ana.get('/'))
  await see('a generated value', ana.fill('/', { generate: 'yes', recipient: 'foo@example.com' }))
  await see('its receipt', ana.get(sights.at(-1)?.answer.location ?? '/missing'))
  await see('recent', ana.get('/recent'))
  return sights
}

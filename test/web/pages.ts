import type { TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { type PageAnswer, Visitor } from './visitor.ts'

/** A page as a browser got it. */
export interface VisitedPage {
  readonly name: string
  readonly answer: PageAnswer
}

/**
 * Visits each page, in most of its states.
 *
 * @param server One that has Ana's account.
 * @param headers What the browser always sends.
 */
export async function everyPage(
  server: TestServer,
  headers: Readonly<Record<string, string>>,
): Promise<VisitedPage[]> {
  const client = api(server)
  const share = async (params: Record<string, string>) => (await client.post('/share', params)).body
  const anonymous = new Visitor(server, headers)
  const ana = new Visitor(server, headers)
  const [open, closed, burned, expired] = [
    await share({ secret: 'x'.repeat(2000) }),
    await share({ secret: 'x', passphrase: 'tulip' }),
    await share({ secret: 'x' }),
    await share({ secret: 'x', ttl: '60' }),
  ]
  await client.post(`/private/${burned.metadata_key}/burn`)
  server.clock.advance(61)

  const pages: VisitedPage[] = []
  const visit = async (name: string, answer: Promise<PageAnswer>) => {
    pages.push({ name, answer: await answer })
  }
  await visit('the form', anonymous.get('/'))
  await visit('a form with an error', anonymous.fill('/', { secret: '' }))
  await visit('a form without a CSRF token', anonymous.post('/', { secret: 'x' }))
  await visit('a form from another site', anonymous.post('/', {}, { Origin: 'https://evil.example' }))
  await visit('a receipt', anonymous.get(`/private/${closed.metadata_key}`))
  await visit('a rejected burn', anonymous.fill(`/private/${closed.metadata_key}`))
  await visit('the receipt of a burned secret', anonymous.get(`/private/${burned.metadata_key}`))
  await visit('the receipt of an expired secret', anonymous.get(`/private/${expired.metadata_key}`))
  await visit('a waiting secret', anonymous.get(`/secret/${open.secret_key}`))
  await visit('a revealed secret', anonymous.fill(`/secret/${open.secret_key}`))
  await visit('the receipt of a revealed secret', anonymous.get(`/private/${open.metadata_key}`))
  await visit('a wrong passphrase', anonymous.fill(`/secret/${closed.secret_key}`, { passphrase: 'rose' }))
  await visit('the last attempts', anonymous.fill(`/secret/${closed.secret_key}`, { passphrase: 'rose' }))
  await visit('no secret', anonymous.get(`/secret/${open.secret_key}`))
  await visit('an incomplete link', anonymous.get(`/secret/${(open.secret_key ?? '').slice(1)}`))
  await visit('an unknown page', anonymous.get('/no/such/page'))
  await visit('a malformed path', anonymous.get('/secret/%ff'))
  await visit('a redirect', anonymous.get(`/receipt/${open.metadata_key}`))
  await visit('recent secrets, without an account', anonymous.get('/recent'))
  await visit('signing in', anonymous.get('/signin'))
  await visit('a rejected sign-in', anonymous.fill('/signin', { email: 'x', token: 'y' }))
  await visit('a sign-in', ana.fill('/signin', ANA))
  await visit('no recent secrets', ana.get('/recent'))
  await visit('the form of an account', ana.get('/'))
  const typed = { secret: 'x', recipient: 'foo@example.com' }
  const opened = await ana.get('/')
  await visit('a generated password', ana.press(opened, '/', '/draft?step=password', typed))
  await visit('the form of another sender', anonymous.submit(opened, '/', typed))
  const ended = await anonymous.submit(await anonymous.get('/'), '/', { ...typed, opened_for: 'ended' })
  await visit('the form of a sender who is signed out', Promise.resolve(ended))
  await visit('signing in with a text', anonymous.press(ended, '/', '/draft?step=sign-in', typed))
  await visit('without an account', anonymous.press(ended, '/', '/draft?step=anonymous', typed))
  await visit('a new secret', ana.submit(opened, '/', typed))
  await visit('its receipt', ana.get(pages.at(-1)?.answer.location ?? '/missing'))
  await visit(
    'links for several',
    ana.submit(opened, '/', { ...typed, recipient: 'a@example.com,b@example.com' }),
  )
  await visit('the links that were sent', ana.get('/sent'))
  const own = `/private/${(await api(server, basic()).post('/share', { secret: 'x' })).body.metadata_key}`
  await visit('the receipt of an account', ana.get(own))
  await visit('a note', ana.submit(await ana.get(own), `${own}/memo`, { memo: 'for Bo' }))
  await visit('a receipt with a note', ana.get(own))
  await visit('recent secrets', ana.get('/recent'))
  await visit('recent secrets, filtered', ana.get('/recent?state=burned&q=%22%3E'))
  const key = own.slice('/private/'.length)
  await visit('no selected secrets', ana.submit(await ana.get('/recent'), '/recent/burn'))
  await visit('selected secrets', ana.submit(await ana.get('/recent'), '/recent/burn', { key }))
  await visit('burned secrets', ana.submit(await ana.get('/recent'), '/recent/burn', { key, confirmed: 'y' }))
  await visit('the account', ana.get('/account'))
  await visit('the end of other sessions', ana.submit(await ana.get('/account'), '/account/sessions'))
  await visit('the account after it', ana.get('/account'))
  return pages
}

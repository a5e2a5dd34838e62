import { expect, it } from 'vitest'
import { startTestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { everyPage } from './pages.ts'
import { escaped, Visitor } from './visitor.ts'

const NOTICE = 'For <b>employees</b> & "friends" only.'
const LINKS = {
  Privacy: 'https://example.com/privacy?a=b&c',
  '<i>Imprint</i>': 'http://example.com/imprint',
  Help: 'mailto:help@example.com',
}

it('SITE_NOTICE and SITE_LINKS stand on every page, as text', async () => {
  const links = Object.entries(LINKS).map((entry) => entry.join('='))
  const server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { SITE_NOTICE: NOTICE, SITE_LINKS: links.join() },
  })
  try {
    const pages = await everyPage(server, {})
    pages.push({ name: 'the API', answer: await new Visitor(server).get('/api') })
    for (const { name, answer } of pages.filter(({ answer }) => answer.status !== 303)) {
      const [before = '', after = ''] = answer.text.split('<main ')
      expect(before, name).toContain(`<aside class="notice"><p dir="auto">${escaped(NOTICE)}</p></aside>`)
      const footer = after.slice(after.indexOf('<footer>'))
      for (const [label, url] of Object.entries(LINKS))
        expect(footer, name).toContain(`<a href="${escaped(url)}"><bdi>${escaped(label)}</bdi></a>`)
    }
  } finally {
    await server.close()
  }
})

it('a site without these settings shows neither', async () => {
  const server = await startTestServer()
  try {
    const { text } = await new Visitor(server).get('/')
    expect(text).not.toContain('<aside')
    expect(text).toContain('<p><a href="/api">API</a></p>')
  } finally {
    await server.close()
  }
})

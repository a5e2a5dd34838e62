import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { Visitor } from './visitor.ts'

/** What chat and mail programs, scanners and search engines send. */
const BOTS = [
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Slack-ImgProxy (+https://api.slack.com/robots)',
  'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  'Twitterbot/1.0',
  'WhatsApp/2.23.20.0 A',
  'TelegramBot (like TwitterBot)',
  'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  'Mattermost-Bot/1.1',
  'Rocket.Chat Link Preview',
  'Synapse (bot; +https://github.com/matrix-org/synapse)',
  'Mozilla/5.0 (compatible; Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/))',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)',
  'Iframely/1.3.1 (+https://iframely.com/docs/about)',
  'Embedly/0.2 (+http://embed.ly)',
  'Viber/13.3.0',
  'redditbot/1.0',
  'Pinterestbot/1.0 (+http://www.pinterest.com/bot.html)',
  'vkShare (+http://vk.com/dev/Share)',
  'ZoomWebKit',
  'BarracudaCentral Link Protect',
  'Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0 OneOutlook SafeLinks',
]

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { PUBLIC_URL: 'https://example.com/once', SITE_NAME: 'Ex & Co' },
  })
})
afterAll(() => server.close())

async function share(params: Record<string, string> = {}) {
  const { body } = await api(server).post('/share', { secret: 'x', ...params })
  return {
    path: `/once/secret/${body.secret_key}`,
    receipt: `/private/${body.metadata_key}`,
    state: async () => (await api(server).get(`/private/${body.metadata_key}`)).body['state'],
  }
}

/** Returns the contents of the tags that a preview is made of. */
function previewIn(text: string): Record<string, string> {
  const tags = [...text.matchAll(/<meta (?:name|property)="(og:[a-z_]+|description)" content="([^"]*)">/g)]
  return Object.fromEntries(tags.map(([, name = '', content = '']) => [name, content]))
}

describe('the preview of a secret link', () => {
  it('has the same fixed words for every key, whatever became of the secret', async () => {
    const [open, closed, burned, expired] = [
      await share(),
      await share({ passphrase: 'tulip', ttl: '3600' }),
      await share(),
      await share({ ttl: '60' }),
    ]
    await api(server).post(`${burned.receipt}/burn`)
    server.clock.advance(61)
    const paths = [open, closed, burned, expired].map(({ path }) => path)
    for (const path of [...paths, `/secret/${'a'.repeat(31)}`, '/secret/cut', '/secret/']) {
      const { text } = await new Visitor(server).get(path)
      expect(previewIn(text), path).toEqual({
        description:
          'Looking at this preview does not open it. Open the link when you have a moment to read or save the secret: it opens only once.',
        'og:type': 'website',
        'og:site_name': 'Ex &amp; Co',
        'og:title': 'Someone shared a secret with you',
        'og:description':
          'Looking at this preview does not open it. Open the link when you have a moment to read or save the secret: it opens only once.',
        'og:image': 'https://example.com/once/apple-touch-icon.png',
      })
    }
  })

  it('is in the language of the client', async () => {
    const { path } = await share()
    const { text } = await new Visitor(server).get(path, { 'Accept-Language': 'de' })
    expect(previewIn(text)['og:title']).toBe('Jemand hat ein Geheimnis mit Ihnen geteilt')
  })

  it('is that of secret links alone', async () => {
    const { receipt } = await share()
    for (const path of ['/', '/signin', '/api', receipt])
      expect(previewIn((await new Visitor(server).get(path)).text), path).toEqual({})
  })
})

describe('F5: a program that makes previews or scans links', () => {
  it.each(BOTS)('burns nothing, and leaves no trace: %s', async (agent) => {
    const { path, state } = await share()
    const bot = new Visitor(server, { 'User-Agent': agent })
    for (const method of ['HEAD', 'GET', 'GET']) expect((await bot.send(method, path)).status).toBe(200)
    const { text } = await bot.get(path)
    const linked = [...text.matchAll(/(?:href|src)="(\/once\/[^"#?]*)"/g)].map(([, address = '']) => address)
    for (const address of linked) await bot.get(address)
    expect(await state()).toBe('new')
    expect((await new Visitor(server).fill(path)).heading).toBe('Your secret')
  })
})

import { expect, it } from 'vitest'
import { startTestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { startRedis } from '../support/redis.ts'
import { fieldsIn } from './form-fields.ts'
import { Visitor } from './visitor.ts'

it('while the store cannot be reached, each page says so, no secret is lost, and what was filled in comes back', async () => {
  const redis = await startRedis()
  const server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: {
      REDIS_URL: redis.url,
      ROOT_KEY: '7f3a9c1e5b2d8046a1f7c3e9d5b80264e8c1a7f3095d2b6e4c8a1f7093d5b2e6',
    },
  })
  try {
    const { body } = await api(server).post('/share', { secret: 'still there' })
    const path = `/secret/${body.secret_key}`
    const ana = new Visitor(server)
    await ana.fill('/signin', ANA)
    const visitor = new Visitor(server)
    const [form, waiting, formOfAna] = [await visitor.get('/'), await visitor.get(path), await ana.get('/')]

    await redis.kill()
    const sent = await visitor.submit(form, '/', { secret: 'long work' })
    const sentByAna = await ana.submit(formOfAna, '/', { secret: 'work of Ana', ttl: '2592000' })
    const failed = [
      sent,
      sentByAna,
      await visitor.get(path),
      await visitor.submit(waiting, path),
      await visitor.get(`/private/${body.metadata_key}`),
      await ana.get('/recent?q=wifi'),
    ]
    for (const page of failed) {
      expect(page.status).toBe(503)
      expect(page.headers['retry-after']).toBe('5')
      expect(page.headers['content-security-policy']).toContain("default-src 'none'")
      expect(page.text).toContain('Nothing is lost. Please try again shortly.')
    }
    for (const page of failed.slice(2, 4)) {
      expect(page.text).toContain(`<a class="button primary" href="${path}">Back to the page</a>`)
    }
    expect(failed.at(-1)?.text).toContain('href="/recent?q=wifi">Back to the page</a>')
    expect(sent.text).toContain('>\nlong work</textarea>')
    expect(fieldsIn(sentByAna)).toMatchObject({ secret: 'work of Ana', ttl: '2592000' })
    expect(sentByAna.text).not.toContain('signed out')
    expect((await visitor.get('/')).status).toBe(200)

    await redis.start()
    await expect.poll(async () => (await visitor.get(path)).status).toBe(200)
    expect((await visitor.submit(waiting, path)).text).toContain('>\nstill there</pre>')
    expect((await ana.get('/recent')).status).toBe(200)
    expect((await ana.submit(sentByAna, '/', fieldsIn(sentByAna))).status).toBe(303)
  } finally {
    await server.close()
    await redis.stop()
  }
})

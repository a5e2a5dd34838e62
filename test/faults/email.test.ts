import { expect, it, onTestFinished } from 'vitest'
import { ANA, api, basic } from '../api/client.ts'
import { serve, temporaryFolder } from '../commands/emberlink.ts'
import { freePort } from '../support/redis-process.ts'
import { startSmtpServer } from '../support/smtp.ts'

it.each([
  [
    'the recipient',
    'recipient rejected (550 5.1.1)',
    async () => {
      const smtp = await startSmtpServer('reject')
      onTestFinished(() => smtp.close())
      return smtp.url
    },
  ],
  [
    'the login',
    'login rejected (535)',
    async () => {
      const smtp = await startSmtpServer('accept', ['AUTH'])
      onTestFinished(() => smtp.close())
      return smtp.url.replace('//', '//marked-user:marked-word@')
    },
  ],
  ['the connection', 'connection refused (ECONNREFUSED)', async () => `smtp://127.0.0.1:${await freePort()}`],
])(
  'F35: the log has the reason why %s was rejected, in JSON, and nothing sensitive',
  async (_, reason, url) => {
    const server = await serve({
      DATA_DIR: await temporaryFolder(),
      ACCOUNTS: `${ANA.email}:${ANA.token}`,
      SMTP_URL: await url(),
      MAIL_FROM: 'marked-sender@example.com',
      LOG_LEVEL: 'trace',
    })
    const sent = await api(server, basic()).post('/share', {
      secret: 'marked-secret',
      recipient: 'marked-recipient@example.org',
    })
    expect(sent.status).toBe(502)
    const { stdout, stderr } = await server.stop()
    const lines = stdout
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { readonly err?: { readonly code: string; readonly reason: string } },
      )
    expect(lines.flatMap(({ err }) => err ?? [])).toEqual([
      expect.objectContaining({ code: 'email_failed', reason }),
    ])
    expect(stdout + stderr).not.toMatch(/marked|\/secret\/|@example/)
    expect(stderr).toBe('')
  },
)

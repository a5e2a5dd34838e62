import { describe, expect, it, onTestFinished } from 'vitest'
import { run, temporaryFolder } from '../commands/emberlink.ts'
import { CA_FILE, readCertificate } from '../support/certificates.ts'
import { type LineServer, type Script, startLineServer } from '../support/line-server.ts'
import { startSmtpServer } from '../support/smtp.ts'
import { failureOf, sendTo } from './send.ts'

/** Leads to this machine, but is not a loopback address: whoever is there may be another. */
const ELSEWHERE = '0.0.0.0'

/** A server behind somebody who strips STARTTLS from what it offers, or one that never had it. */
const STRIPPED = {
  EHLO: '250-test\r\n250 AUTH PLAIN LOGIN',
  HELO: '250 test',
  STARTTLS: '502 5.5.1 what?',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
  '.': '250 2.0.0 queued',
}
const OFFERING = {
  ...STRIPPED,
  EHLO: '250-test\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS',
  STARTTLS: '220 go ahead',
}
/** The base64 of user and password, as PLAIN has them. */
const LOGIN = Buffer.from('\0mailer\0hunter22').toString('base64')

function start(answers: Script['answers'], secured?: Script['secured']): Promise<LineServer> {
  return startLineServer({ greeting: '220 test', ...(answers && { answers }), ...(secured && { secured }) })
}

const urlOf = ({ port }: LineServer, host = ELSEWHERE) => `smtp://mailer:hunter22@${host}:${port}`
const verbs = ({ received }: LineServer) => received.map((line) => line.split(' ', 1)[0])

describe('F36: a password for an SMTP server on another machine', () => {
  it('is not sent when STARTTLS is stripped, nor is the email', async () => {
    const server = await start(STRIPPED)
    expect((await failureOf(urlOf(server))).reason).toBe('tls_not_offered')
    expect(verbs(server)).toEqual(['EHLO', 'STARTTLS'])
  })

  it('is not sent when the extended greeting is rejected, so that nothing can be offered', async () => {
    const server = await start({ ...STRIPPED, EHLO: '502 5.5.1 what?' })
    expect((await failureOf(urlOf(server))).reason).toBe('greeting_rejected')
    expect(verbs(server)).toEqual(['EHLO'])
  })

  it('is not sent under a certificate that does not verify', async () => {
    const secured = { ...readCertificate('self-signed'), answers: STRIPPED }
    const server = await start(OFFERING, secured)
    expect((await failureOf(urlOf(server))).reason).toBe('certificate_self_signed')
    expect(verbs(server)).toEqual(['EHLO', 'STARTTLS'])
  })

  it('is sent in clear with ?tls=off, even if STARTTLS is offered', async () => {
    const server = await start(OFFERING)
    await sendTo(`${urlOf(server)}?tls=off`)
    expect(server.received).toContain(`AUTH PLAIN ${LOGIN}`)
    expect(verbs(server)).not.toContain('STARTTLS')
  })

  it('is sent in clear to this machine', async () => {
    const server = await start(STRIPPED)
    await sendTo(urlOf(server, '127.0.0.1'))
    expect(server.received).toContain(`AUTH PLAIN ${LOGIN}`)
  })
})

describe('F36: an encrypted SMTP session', () => {
  const secured = { ...readCertificate('valid'), answers: STRIPPED }

  it('logs in under a certificate that verifies', async () => {
    const server = await start(OFFERING, secured)
    expect((await check(urlOf(server))).line).toMatch(/ answers, encrypted, .+, logged in$/)
    expect(verbs(server)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'AUTH', 'QUIT'])
  })

  it('forgets a login that was offered only before TLS', async () => {
    const server = await start(OFFERING, { ...secured, answers: { ...STRIPPED, EHLO: '250 test' } })
    const { code, line, stdout } = await check(urlOf(server))
    expect({ code, line }).toEqual({
      code: 0,
      line: expect.stringMatching(/encrypted, .+, without a login$/),
    })
    expect(stdout).toContain('\nwarning: SMTP_URL has a password, but the SMTP server offers no login\n')
    expect(verbs(server)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'QUIT'])
  })

  it('ignores responses that were injected before TLS', async () => {
    const injected = '220 go ahead\r\n250-test\r\n250 AUTH PLAIN'
    const inside = { ...STRIPPED, EHLO: '250 test' }
    const server = await start({ ...OFFERING, STARTTLS: injected }, { ...secured, answers: inside })
    expect((await check(urlOf(server))).line).toMatch(/ answers, encrypted, .+, without a login$/)
    expect(verbs(server)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'QUIT'])
  })

  it.each([
    ['expired', 'the certificate of the SMTP server has expired (CERT_HAS_EXPIRED)'],
    ['other-host', 'the certificate of the SMTP server is for another host (ERR_TLS_CERT_ALTNAME_INVALID)'],
  ] as const)('F35: names a certificate that is not valid: %s', async (name, reason) => {
    for (const secure of [true, false]) {
      const server = await startSmtpServer('accept', ['STARTTLS', 'AUTH'], {
        ...readCertificate(name),
        secure,
      })
      onTestFinished(() => server.close())
      expect(await check(server.url.replace('//', '//mailer:hunter22@'))).toMatchObject({
        code: 1,
        line: `email: failed: SMTP_URL, ${new URL(server.url).host}: ${reason}`,
      })
    }
  })

  it('is sent under a certificate of the authority in SMTP_TLS_CA, and of no other', async () => {
    for (const secure of [true, false]) {
      const start = async (name: 'valid' | 'self-signed') => {
        const server = await startSmtpServer('accept', ['STARTTLS'], { ...readCertificate(name), secure })
        onTestFinished(() => server.close())
        return server
      }
      const [ours, other] = [await start('valid'), await start('self-signed')]
      const settings = { NODE_EXTRA_CA_CERTS: '', SMTP_TLS_CA: CA_FILE }
      await sendTo(ours.url, 10_000, CA_FILE)
      expect(ours.emails).toHaveLength(1)
      await expect(sendTo(other.url, 10_000, CA_FILE)).rejects.toMatchObject({ code: 'email_failed' })
      expect(other.emails).toHaveLength(0)
      if (!secure) continue
      expect(await check(ours.url, settings)).toMatchObject({ line: expect.stringMatching(/ encrypted, /) })
    }
  })

  it('rejects an invalid certificate although NODE_TLS_REJECT_UNAUTHORIZED is 0', async () => {
    const server = await start(OFFERING, { ...readCertificate('self-signed'), answers: STRIPPED })
    const { code, line } = await check(urlOf(server), { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    expect({ code, line }).toEqual({ code: 1, line: expect.stringContaining('is self-signed') })
    expect(verbs(server)).toEqual(['EHLO', 'STARTTLS'])
  })
})

/** Runs `emberlink check`, which trusts the authority of the tests, and returns its line about email. */
async function check(SMTP_URL: string, more: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await run(['check'], {
    DATA_DIR: await temporaryFolder(),
    NODE_EXTRA_CA_CERTS: CA_FILE,
    SMTP_URL,
    MAIL_FROM: 'no-reply@example.com',
    ...more,
  })
  expect(stdout + stderr).not.toMatch(/hunter22|no-reply@|aHVudGVyMjI/)
  return { code, stdout, line: stdout.split('\n').find((text) => text.startsWith('email: ')) }
}

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { SMTPServerOptions } from 'smtp-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCertificate } from '../support/certificates.ts'
import { type Script, startLineServer } from '../support/line-server.ts'
import { freePort } from '../support/redis-process.ts'
import { type Conduct, startSmtpServer } from '../support/smtp.ts'
import { startUnresponsivePort } from '../support/unresponsive-port.ts'
import { failureOf } from './send.ts'

const SHORT_MS = 300

/** What an SMTP server says that accepts everything in a session without encryption. */
const ACCEPTING = {
  EHLO: '250-test\r\n250 AUTH PLAIN',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
}

async function real(options: SMTPServerOptions, conduct?: Conduct): Promise<string> {
  const extensions = options.key === undefined ? (['AUTH'] as const) : (['AUTH', 'STARTTLS'] as const)
  const server = await startSmtpServer(conduct, extensions, options)
  onTestFinished(() => server.close())
  return server.url
}

async function scripted(answers: Script['answers'], greeting = '220 test'): Promise<string> {
  const { port } = await startLineServer({ greeting, answers: { ...ACCEPTING, ...answers } })
  return `smtp://127.0.0.1:${port}`
}

async function silent(): Promise<string> {
  const { port } = await startLineServer({ greeting: undefined })
  return `smtp://127.0.0.1:${port}`
}

async function closing(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => undefined).end()).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const withLogin = (url: string) => url.replace('//', '//mailer:hunter22@')
const withTls = (url: string) => url.replace('smtp:', 'smtps:')

function rejection(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

describe('F35: the reason of a failed email tells apart', () => {
  const causes: readonly (readonly [
    title: string,
    reason: string,
    message: RegExp,
    url: () => Promise<string>,
    timeoutMs?: number,
  ])[] = [
    [
      'an unknown host',
      'dns',
      /^the host of SMTP_URL cannot be resolved \((ENOTFOUND|EAI_AGAIN)\)$/,
      async () => 'smtp://mail.invalid',
    ],
    [
      'a refused connection',
      'connection_refused',
      /^connection refused \(ECONNREFUSED\)$/,
      async () => `smtp://127.0.0.1:${await freePort()}`,
    ],
    [
      'a connection that the server closes at once',
      'connection_closed',
      /^the SMTP server closed the connection while waiting for the greeting \(ECONN\w+\)$/,
      closing,
    ],
    [
      'a connection that breaks in the middle of the email',
      'connection_closed',
      /^the SMTP server closed the connection while sending \(\w+\)$/,
      () => real({}, 'drop'),
    ],
    [
      'a server that takes no connections now',
      'connection_rejected',
      /^the SMTP server rejected the connection \(421 4\.3\.2\)$/,
      () => scripted({}, '421 4.3.2 no-reply@example.com: try later'),
    ],
    [
      'a self-signed certificate',
      'certificate_self_signed',
      /^the certificate of the SMTP server is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
      () => real(readCertificate('self-signed')),
    ],
    [
      'a certificate from an unknown authority, with TLS from the first byte',
      'certificate_unknown_ca',
      /^the certificate of the SMTP server is from an unknown authority \(UNABLE_TO_\w+\)$/,
      () => real({ ...readCertificate('valid'), secure: true }),
    ],
    [
      'TLS to a port that does not speak it',
      'tls_unknown',
      /^the port does not speak TLS: use smtp:\/\/ \(\w+\)$/,
      async () => withTls(await real({})),
    ],
    [
      'no TLS to a port that expects it',
      'tls_expected',
      /^the port expects TLS from the first byte: use smtps:\/\/$/,
      async () =>
        (await real({ ...readCertificate('self-signed'), secure: true })).replace('smtps:', 'smtp:'),
      SHORT_MS,
    ],
    [
      'a server without STARTTLS, where that is required',
      'tls_not_offered',
      /^the SMTP server offers no STARTTLS, .+ \(50\d( 5\.\d\.\d)?\)$/,
      async () => `${await real({})}?tls=required`,
    ],
    [
      'a server of another protocol',
      'not_smtp',
      /^the port does not speak SMTP \(EPROTOCOL\)$/,
      () => scripted({}, 'SSH-2.0-OpenSSH_9.9'),
    ],
    [
      'a rejected greeting',
      'greeting_rejected',
      /^the SMTP server rejected our greeting \(EHLO\) \(550 5\.7\.1\)$/,
      () => scripted({ EHLO: '550 5.7.1 <secrets.example.com>: who?', HELO: '550 5.7.1 who?' }),
    ],
    [
      'a rejected login',
      'login_rejected',
      /^login rejected \(535( 5\.7\.8)?\)$/,
      async () => withLogin(await real({})),
    ],
    [
      'a user without a password',
      'login_impossible',
      /^the SMTP server offers no login method that works with SMTP_URL \(EAUTH\)$/,
      async () => (await real({})).replace('//', '//mailer@'),
    ],
    [
      'a server that wants a login first',
      'login_required',
      /^the SMTP server requires a login or TLS \(530 5\.7\.0\)$/,
      () => scripted({ MAIL: '530 5.7.0 Authentication required' }),
    ],
    [
      'a rejected sender',
      'sender_rejected',
      /^sender rejected \(553 5\.7\.1\)$/,
      () =>
        real({ onMailFrom: ({ address }, _, done) => done(rejection(553, `5.7.1 <${address}>: not yours`)) }),
    ],
    [
      'a rejected recipient',
      'recipient_rejected',
      /^recipient rejected \(550 5\.1\.1\)$/,
      () => real({}, 'reject'),
    ],
    [
      'an email above the size that the server announces',
      'message_too_large',
      /^message too large \(EMESSAGE\)$/,
      () => real({ size: 100 }),
    ],
    [
      'an email that the server finds too large',
      'message_too_large',
      /^message too large \(552 5\.3\.4\)$/,
      () =>
        real({
          onData: (stream, _, done) =>
            void stream.resume().on('end', () => done(rejection(552, '5.3.4 too big'))),
        }),
    ],
    [
      'a rejected email',
      'message_rejected',
      /^message rejected \(554 5\.7\.1\)$/,
      () =>
        real({
          onData: (stream, _, done) =>
            void stream.resume().on('end', () => done(rejection(554, '5.7.1 spam'))),
        }),
    ],
  ]

  it.for(causes)('%s: %s', async ([_, reason, message, url, timeoutMs]) => {
    const failure = await failureOf(await url(), timeoutMs)
    expect({ reason: failure.reason, message: failure.message }).toEqual({
      reason,
      message: expect.stringMatching(message),
    })
  })
})

describe('F35: the reason of a time-out is what was waited for', () => {
  it.each([
    ['connect', 'connecting', startUnresponsivePort],
    ['tls', 'negotiating TLS', async () => withTls(await silent())],
    ['greeting', 'waiting for the greeting', silent],
    ['greeting', 'waiting for the greeting', () => scripted({ EHLO: '' })],
    [
      'tls',
      'negotiating TLS',
      () => scripted({ EHLO: '250-test\r\n250 STARTTLS', STARTTLS: '220 go ahead' }),
    ],
    ['login', 'logging in', async () => withLogin(await scripted({ AUTH: '' }))],
    ['send', 'sending', () => scripted({ MAIL: '' })],
    ['send', 'sending', () => real({}, 'stall')],
  ] as const)('%s: while %s', async (phase, doing, url) => {
    const { reason, message } = await failureOf(await url(), SHORT_MS)
    expect({ reason, message }).toEqual({ reason: `timeout_${phase}`, message: `time-out while ${doing}` })
  })
})

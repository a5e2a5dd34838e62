import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type ParsedMail, simpleParser } from 'mailparser'
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server'

/** What the server does with an email. */
export type Conduct =
  | 'accept'
  /** Answers 550 to every recipient, with the address in the answer, as real servers do. */
  | 'reject'
  /** Accepts the connection and never sends a byte. */
  | 'silent'
  /** Receives the email and never answers. */
  | 'stall'
  /** Breaks the connection in the middle of an email. */
  | 'drop'

/** An email as it arrived. */
interface ReceivedEmail {
  /** The name in the client's greeting. */
  readonly greeting: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly user: string | undefined
  readonly raw: string
  readonly parsed: ParsedMail
}

/** A running SMTP server and what it has received. */
export interface TestSmtpServer {
  /** `smtp://127.0.0.1:PORT`; `smtps://` if it speaks TLS from the first byte. */
  readonly url: string
  /** Accepted emails, oldest first. */
  readonly emails: readonly ReceivedEmail[]
  /** Connections that are open now. */
  connections(): number
  close(): Promise<void>
}

/**
 * Starts a real SMTP server on a free loopback port.
 * @param extensions `STARTTLS` offers it, with a certificate that nobody trusts.
 * @param options Other options of the server, such as the certificate.
 */
export async function startSmtpServer(
  conduct: Conduct = 'accept',
  extensions: readonly ('STARTTLS' | 'AUTH')[] = [],
  options: SMTPServerOptions = {},
): Promise<TestSmtpServer> {
  const emails: ReceivedEmail[] = []
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    disabledCommands: (['STARTTLS', 'AUTH'] as const).filter((command) => !extensions.includes(command)),
    onConnect: (_session, callback) => {
      if (conduct !== 'silent') callback()
    },
    onAuth: ({ username, password }, _session, callback) => {
      if (password === 'right: / @') callback(null, { user: username })
      else callback(new Error('no'))
    },
    onRcptTo: ({ address }, _session, callback) => {
      if (conduct === 'reject') {
        callback(Object.assign(new Error(`5.1.1 <${address}>: unknown`), { responseCode: 550 }))
      } else callback()
    },
    onData: (stream, session, callback) => {
      if (conduct === 'drop') {
        for (const { _socket } of server.connections) _socket.destroy()
        return
      }
      void receive(stream, session).then((email) => {
        if (conduct === 'stall') return
        emails.push(email)
        callback()
      }, callback)
    },
    ...options,
  })
  // A client that gives up is no error of this server.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `${options.secure ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    emails,
    connections: () => server.connections.size,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<ReceivedEmail> {
  const raw = await buffer(stream)
  const { mailFrom, rcptTo } = session.envelope
  return {
    greeting: session.hostNameAppearsAs,
    envelope: { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) },
    user: typeof session.user === 'string' ? session.user : undefined,
    raw: raw.toString('latin1'),
    parsed: await simpleParser(raw),
  }
}

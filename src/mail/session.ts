import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { explainFailure, type Phase, SmtpFailure } from './failure.ts'
import type { SmtpServer } from './smtp-url.ts'

// By default, Node.js gives up on an address after 250 ms if the host has another one.
const ADDRESS_MS = 1000

/** How long a port may take to answer a TLS handshake that is made only to name the cause of a failure. */
const PROBE_MS = 1000

/** An email as it is sent. */
export interface Email {
  /** Sender in the envelope, an email address. */
  readonly from: string
  /** Recipient in the envelope, an email address. */
  readonly to: string
  /** Headers and body (RFC 5322). */
  readonly content: Buffer
}

/** A session with an SMTP server that has accepted our greeting, and our login if it offers one. */
export interface Session {
  readonly encrypted: boolean
  readonly loggedIn: boolean
  /** Resolves when the server has accepted the email. */
  send(email: Email): Promise<void>
}

/** How to open a session. */
export interface SessionOptions {
  readonly server: SmtpServer
  /** The name in our greeting. */
  readonly greetingName: string
  /** The certificates (PEM) of the only authorities to trust; by default, those that Node.js trusts. */
  readonly ca?: Buffer
  /** Maximum time of the whole session. Finding out why it failed may take a second more. */
  readonly timeoutMs: number
}

/** Which certificates are accepted. */
type Trust = Pick<TlsOptions, 'rejectUnauthorized' | 'ca'>

/**
 * Runs work in a session: connects, encrypts, greets, logs in, and disconnects whatever happens. An invalid certificate is
 * always rejected.
 *
 * @throws SmtpFailure when the server or the network fails.
 */
export async function withSession<T>(
  { server, greetingName, timeoutMs, ca }: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let phase: Phase = isIP(server.host) === 0 ? 'dns' : 'connect'
  // Set here, so that NODE_TLS_REJECT_UNAUTHORIZED changes nothing.
  const trust = { rejectUnauthorized: true, ...(ca !== undefined && { ca }) }
  const socket = openSocket(server, trust, (next) => {
    phase = next
  })
  const connection = createConnection(server, trust, greetingName, socket)
  // STARTTLS interrupts the greeting.
  const phaseNow = () => (connection.upgrading ? 'tls' : phase)
  let deadline: NodeJS.Timeout | undefined
  const abandoned = new Promise<never>((_, reject) => {
    connection.on('error', reject)
    const giveUp = () => reject(new SmtpFailure(`timeout_${phaseNow()}`, phaseNow()))
    deadline = setTimeout(giveUp, timeoutMs)
  })

  async function run(): Promise<T> {
    await once(socket, server.encryption === 'tls' ? 'secureConnect' : 'connect')
    phase = 'greeting'
    await settled((done) => connection.connect(done))
    phase = 'login'
    const { login } = server
    const loggedIn = login !== undefined && connection.allowsAuth
    if (loggedIn) await settled((done) => connection.login({ ...login }, done))
    phase = 'send'
    const result = await work({
      encrypted: connection.secure,
      loggedIn,
      send: ({ from, to, content }) =>
        settled((done) => connection.send({ from, to, size: content.length }, content, done)),
    })
    connection.quit()
    connection.close()
    return result
  }

  try {
    return await Promise.race([run(), abandoned])
  } catch (error) {
    socket.destroy()
    connection.close()
    const failed = phaseNow()
    const isSilent = failed === 'greeting' && connection.lastServerResponse === false
    if (isSilent && server.encryption !== 'tls' && (await speaksTls(server, trust)))
      throw new SmtpFailure('tls_expected', failed)
    throw explainFailure(error, failed)
  } finally {
    clearTimeout(deadline)
  }
}

function openSocket(server: SmtpServer, trust: Trust, enter: (phase: Phase) => void): Socket {
  const secure = server.encryption === 'tls'
  const socket = secure ? connectSecurely(server, trust) : connectTcp(endpointOf(server))
  socket.once('lookup', (error) => {
    if (error === null) enter('connect')
  })
  if (secure) socket.once('connect', () => enter('tls'))
  // The first error is reported by whoever waits; one that follows it must not end the process.
  socket.on('error', () => undefined)
  return socket
}

function connectSecurely(server: SmtpServer, trust: Trust): Socket {
  const { host } = server
  return connectTls({ ...endpointOf(server), ...trust, ...(isIP(host) === 0 && { servername: host }) })
}

function endpointOf({ host, port }: SmtpServer) {
  return { host, port, autoSelectFamilyAttemptTimeout: ADDRESS_MS }
}

function createConnection(
  { host, port, encryption }: SmtpServer,
  trust: Trust,
  name: string,
  connection: Socket,
): SMTPConnection {
  const secure = encryption === 'tls'
  return new SMTPConnection({
    connection,
    host,
    port,
    name,
    secure,
    secured: secure,
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    tls: trust,
  })
}

function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })
}

/** Finds out whether a port that does not greet waits for TLS. Nothing but the handshake is sent. */
async function speaksTls(server: SmtpServer, trust: Trust): Promise<boolean> {
  const socket = connectSecurely(server, trust)
  const timer = setTimeout(() => socket.destroy(new Error('no answer')), PROBE_MS)
  try {
    await once(socket, 'secureConnect')
    return true
  } catch (error) {
    return String(explainFailure(error, 'tls').reason).startsWith('certificate')
  } finally {
    clearTimeout(timer)
    socket.on('error', () => undefined)
    socket.destroy()
  }
}

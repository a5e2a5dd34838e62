import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'

/** What a server says, by the first word of a line. Silence is no entry; `STARTTLS` with 220 starts TLS. */
type Answers = Readonly<Record<string, string>>

/** How a server speaks that is no real SMTP server. Line ends are added. */
export interface Script {
  /** Undefined says nothing. */
  readonly greeting: string | undefined
  readonly answers?: Answers
  /** Instead, once TLS has started with this certificate. */
  readonly secured?: { readonly key: Buffer; readonly cert: Buffer; readonly answers: Answers }
}

/** A server that speaks by a script. */
export interface LineServer {
  readonly port: number
  /** Lines of clients, in their order, whatever the connection. */
  readonly received: readonly string[]
}

/** Starts a server on a free port that speaks by a script, until the end of the test. */
export async function startLineServer(script: Script): Promise<LineServer> {
  const received: string[] = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    if (script.greeting !== undefined) socket.write(`${script.greeting}\r\n`)
    listen(socket, script.answers ?? {}, script.secured)
  })

  function listen(socket: Socket, answers: Answers, secured: Script['secured']): void {
    let rest = ''
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        received.push(line)
        const [verb = ''] = line.split(' ', 1)
        const answer = answers[verb]
        if (answer === undefined) continue
        socket.write(`${answer}\r\n`)
        if (verb === 'STARTTLS' && answer.startsWith('220') && secured !== undefined) {
          socket.removeAllListeners('data')
          const options = { isServer: true, secureContext: createSecureContext(secured) }
          const encrypted = new TLSSocket(socket, options)
          encrypted.on('error', () => undefined)
          listen(encrypted, secured.answers, undefined)
        }
      }
    })
  }

  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, received }
}

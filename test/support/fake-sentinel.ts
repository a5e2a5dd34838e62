import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that answers as a sentinel does, and as a broken one might. */
export interface FakeSentinel {
  readonly port: number
  /** How often it was asked for the master. */
  readonly asked: () => number
  /** What it answers when it is asked for the master, in the protocol of Redis. */
  answer(reply: string): void
  /** How many milliseconds it takes to answer that. */
  delay(ms: number): void
  /** Names another sentinel of this port, or none. */
  name(port?: number): void
  /** Sends something to all who are connected. */
  say(message: string): void
  /** Tells all subscribers that there is a new master. */
  switchMaster(): void
  stop(): Promise<void>
}

const HELLO = '%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n'
const SUBSCRIBED = `${push('subscribe', '+switch-master')}:1\r\n`

/** Encodes the address of a master. */
export function masterAt(port: number | string): string {
  return list('127.0.0.1', String(port))
}

/**
 * Starts a sentinel of one master.
 * @param masterPort A port of 127.0.0.1.
 */
export async function startFakeSentinel(masterPort: number): Promise<FakeSentinel> {
  const sockets = new Set<Socket>()
  const subscribers = new Set<Socket>()
  let reply = masterAt(masterPort)
  let delayMs = 0
  let asked = 0
  let others = '*0\r\n'

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      subscribers.delete(socket)
    })
    // Commands are short, and each arrives whole.
    socket.on('data', async (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n)/))
        await answer(socket, command.toLowerCase())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function answer(socket: Socket, command: string): Promise<void> {
    if (command.includes('hello')) return void socket.write(HELLO)
    if (command.includes('subscribe')) {
      subscribers.add(socket)
      return void socket.write(SUBSCRIBED)
    }
    if (command.includes('sentinels')) return void socket.write(others)
    if (!command.includes('get-master-addr')) return void socket.write('+OK\r\n')
    asked += 1
    await sleep(delayMs)
    socket.write(reply)
  }

  const say = (message: string, to: ReadonlySet<Socket>) => {
    for (const socket of to) socket.write(message)
  }

  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    answer(next) {
      reply = next
    },
    delay(ms) {
      delayMs = ms
    },
    name(port) {
      const facts = list('ip', '127.0.0.1', 'port', String(port), 'flags', 'sentinel')
      others = port === undefined ? '*0\r\n' : `*1\r\n${facts}`
    },
    say: (message) => say(message, sockets),
    switchMaster: () =>
      say(`${push('message', '+switch-master')}${bulk('ember 127.0.0.1 1 127.0.0.1 2')}`, subscribers),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Begins a push message of three parts, of which the last is still to come. */
function push(...parts: readonly [string, string]): string {
  return `>3\r\n${parts.map(bulk).join('')}`
}

function list(...parts: readonly string[]): string {
  return `*${parts.length}\r\n${parts.map(bulk).join('')}`
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`
}

import { Cluster, Command, type Redis } from 'ioredis'
import type { RedisClient } from './client.ts'
import type { Reply } from './scripts.ts'

/** The arguments of EVALSHA after the name of the script. */
export type ScriptArguments = readonly [keyCount: number, ...(string | number | Buffer)[]]

/** Calls a script by its name. @throws Error of ioredis. */
export type SendScript = (sha: string, args: ScriptArguments) => Promise<Reply>

/**
 * Creates the function that calls scripts. All calls of one turn of the event loop leave in one write.
 *
 * The auto-pipelining of ioredis does that too, but gives each command a second promise, a list of results and a tick of its
 * own, which costs a third of all that a command costs. Only a cluster needs it, whose calls go to several nodes.
 */
export function createSendScript(client: RedisClient): SendScript {
  if (client instanceof Cluster) return (sha, args) => withBuffers(client).evalshaBuffer(sha, ...args)
  const beforeWrite = writeOncePerTurn(client)
  return (sha, args) => {
    beforeWrite()
    return client.sendCommand(new ScriptCall('evalsha', [sha, ...args])) as Promise<Reply>
  }
}

function writeOncePerTurn(client: Redis): () => void {
  let corked: Redis['stream'] | undefined
  return () => {
    const { stream } = client
    // There is none before the first connection, and another one after each.
    if (stream === undefined || stream === corked) return
    corked = stream
    stream.cork()
    setImmediate(() => {
      if (corked === stream) corked = undefined
      stream.uncork()
    })
  }
}

/**
 * A command that keeps its arguments as they are, and is encoded in one piece
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/). ioredis looks through a copy of them three times, and as soon
 * as one is a buffer, makes a buffer of each part of each, which takes several times as long.
 */
export class ScriptCall extends Command {
  readonly #call: readonly (string | number | Buffer)[]

  /** Creates a command from its name and arguments. */
  constructor(name: string, args: readonly (string | number | Buffer)[]) {
    super(name)
    this.#call = args
  }

  /** Returns the bytes to send. */
  override toWritable(): Buffer {
    // Each character is a byte, so that buffers fit in between.
    let bytes = `*${this.#call.length + 1}${lengthLine(this.name.length)}${this.name}`
    for (const arg of this.#call) {
      const piece = asBytes(arg)
      bytes += lengthLine(piece.length) + piece
    }
    return Buffer.from(`${bytes}\r\n`, 'latin1')
  }
}

function asBytes(arg: string | number | Buffer): string {
  if (typeof arg === 'number') return String(arg)
  if (typeof arg === 'object') return arg.toString('latin1')
  return Buffer.byteLength(arg) === arg.length ? arg : Buffer.from(arg).toString('latin1')
}

// Ready-made, because text is put together from many pieces more slowly than from few.
const LENGTH_LINES = Array.from({ length: 1024 }, (_, length) => `\r\n$${length}\r\n`)

/** Returns the end of the line before, and the line that tells the length of the next argument. */
function lengthLine(length: number): string {
  return LENGTH_LINES[length] ?? `\r\n$${length}\r\n`
}

/** A method of ioredis that its types lack. */
interface WithBuffers {
  evalshaBuffer(sha: string, ...args: ScriptArguments): Promise<Reply>
}

function withBuffers(client: Cluster): WithBuffers {
  return client as unknown as WithBuffers
}

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
    let bytes = `*${this.#call.length + 1}\r\n$${this.name.length}\r\n${this.name}\r\n`
    for (const arg of this.#call) {
      const piece = typeof arg === 'object' ? arg.toString('latin1') : asBytes(String(arg))
      bytes += `$${piece.length}\r\n${piece}\r\n`
    }
    return Buffer.from(bytes, 'latin1')
  }
}

function asBytes(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
}

/** A method of ioredis that its types lack. */
interface WithBuffers {
  evalshaBuffer(sha: string, ...args: ScriptArguments): Promise<Reply>
}

function withBuffers(client: Cluster): WithBuffers {
  return client as unknown as WithBuffers
}

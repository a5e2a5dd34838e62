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
 * A command that is encoded in one piece (https://redis.io/docs/latest/develop/reference/protocol-spec/). ioredis makes a
 * buffer of each argument, and of each part of it, as soon as one is a buffer, which takes several times as long.
 */
export class ScriptCall extends Command {
  /** Returns the bytes to send; as text when no argument is a buffer. */
  override toWritable(): string | Buffer {
    const pieces: Buffer[] = []
    let text = `*${this.args.length + 1}\r\n$${this.name.length}\r\n${this.name}\r\n`
    for (const arg of this.args as (string | Buffer)[]) {
      if (typeof arg === 'string') {
        text += `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`
      } else {
        pieces.push(Buffer.from(`${text}$${arg.length}\r\n`), arg)
        text = '\r\n'
      }
    }
    return pieces.length === 0 ? text : Buffer.concat([...pieces, Buffer.from(text)])
  }
}

/** A method of ioredis that its types lack. */
interface WithBuffers {
  evalshaBuffer(sha: string, ...args: ScriptArguments): Promise<Reply>
}

function withBuffers(client: Cluster): WithBuffers {
  return client as unknown as WithBuffers
}

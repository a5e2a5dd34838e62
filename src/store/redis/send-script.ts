import { Cluster, Command, type Redis } from 'ioredis'
import type { RedisClient } from './client.ts'

/** The arguments of EVALSHA after the name of the script. */
export type ScriptArguments = readonly [keyCount: number, ...(string | number | Buffer)[]]

/**
 * Calls a script.
 *
 * @param script Its name, or all of it for EVAL.
 * @returns The call; its promise is the reply, or rejects with an error of ioredis.
 */
export type SendScript = (command: 'evalsha' | 'eval', script: string, args: ScriptArguments) => ScriptCall

/**
 * Creates the function that calls scripts. All calls of one turn of the event loop to one server leave in one write.
 *
 * The auto-pipelining of ioredis does that too, but gives each command a second promise, a list of results and a tick of its
 * own, which costs a third of all that a command costs. And it does not tell which server of a cluster has replied.
 */
export function createSendScript(client: RedisClient): SendScript {
  const cork = createCork()
  if (client instanceof Cluster) {
    return (command, script, args) => {
      const call = new ClusterCall(command, [script, ...args], { slot: slotOf(args[1] as string), cork })
      client.sendCommand(call)
      return call
    }
  }
  return (command, script, args) => {
    const call = new ScriptCall(command, [script, ...args])
    // There is none before the first connection.
    if (client.stream !== undefined) cork(client.stream)
    client.sendCommand(call)
    return call
  }
}

/** Returns the slot of a key in a cluster: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
export function slotOf(key: string): number {
  return new Command('get', [key]).getSlot() as number
}

/** A connection to one server. */
type Stream = Redis['stream']

/** Holds back what is written to a connection until the end of this turn of the event loop. */
type Cork = (stream: Stream) => void

function createCork(): Cork {
  const corked = new Set<Stream>()
  return (stream) => {
    if (corked.has(stream)) return
    corked.add(stream)
    stream.cork()
    setImmediate(() => {
      corked.delete(stream)
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
  #stream: Stream | undefined

  /** Creates a command from its name and arguments. */
  constructor(name: string, args: readonly (string | number | Buffer)[]) {
    super(name)
    this.#call = args
  }

  /** The connection on which the call was sent; the last one, from which the reply comes, if it was redirected. */
  get stream(): Stream | undefined {
    return this.#stream
  }

  /** Returns the bytes to send. ioredis asks for them each time it sends the call. */
  override toWritable(stream: object): Buffer {
    this.#stream = stream as Stream
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

/** A call that ioredis sends to the server with its slot, and to another when it is redirected. */
class ClusterCall extends ScriptCall {
  readonly #slot: number
  readonly #cork: Cork

  constructor(
    name: string,
    args: readonly (string | number | Buffer)[],
    { slot, cork }: { readonly slot: number; readonly cork: Cork },
  ) {
    super(name, args)
    this.#slot = slot
    this.#cork = cork
  }

  override getSlot(): number {
    return this.#slot
  }

  override toWritable(stream: object): Buffer {
    this.#cork(stream as Stream)
    return super.toWritable(stream)
  }
}

import { Cluster, Command, type Redis } from 'ioredis'
import { type BinaryString, binaryString } from './binary-string.ts'
import type { RedisClient } from './client.ts'
import { Packed } from './packed.ts'
import type { ScriptArgument, ScriptForm, ScriptKeys } from './scripts.ts'

/** How a script is sent: `evalsha` by its hash, `eval` as text. */
export type EvalCommand = 'evalsha' | 'eval'

/**
 * Calls a script.
 *
 * @returns The call; its promise is the reply, or rejects with an error of ioredis.
 */
export type SendScript = (
  command: EvalCommand,
  form: ScriptForm,
  keys: ScriptKeys,
  args: readonly ScriptArgument[],
) => ScriptCall

/**
 * Creates the function that calls scripts. All calls of one turn of the event loop to one server leave in one write.
 *
 * The auto-pipelining of ioredis does that too, but gives each command a second promise, a list of results and a tick of its
 * own, which costs a third of all that a command costs. And it does not tell which server of a cluster has replied.
 */
export function createSendScript(client: RedisClient): SendScript {
  const cork = createCork()
  if (client instanceof Cluster) {
    return (command, form, keys, args) => {
      const call = new ClusterCall({ slot: slotOf(keys[0]), cork }, command, form, keys, args)
      client.sendCommand(call)
      return call
    }
  }
  return (command, form, keys, args) => {
    const call = new ScriptCall(command, form, keys, args)
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
  readonly #script: string
  readonly #keys: ScriptKeys
  readonly #args: readonly ScriptArgument[]
  #stream: Stream | undefined

  /** Creates the call from the parameters of `SendScript`. */
  constructor(
    command: EvalCommand,
    { lua, sha }: ScriptForm,
    keys: ScriptKeys,
    args: readonly ScriptArgument[],
  ) {
    super(command)
    this.#script = command === 'eval' ? lua : sha
    this.#keys = keys
    this.#args = args
  }

  /** The connection on which the call was sent; the last one, from which the reply comes, if it was redirected. */
  get stream(): Stream | undefined {
    return this.#stream
  }

  /** Returns the bytes to send. ioredis asks for them each time it sends the call. */
  override toWritable(stream: object): Buffer {
    this.#stream = stream as Stream
    const count = this.#keys.length
    // Before the keys come the command, the script, and the number of keys.
    let bytes = `*${3 + count + this.#args.length}`
    bytes += bulkString(this.name) + bulkString(binaryString(this.#script)) + bulkString(count)
    for (const key of this.#keys) bytes += bulkString(binaryString(key))
    for (const arg of this.#args) bytes += bulkString(encode(arg))
    return Buffer.from(`${bytes}\r\n`, 'latin1')
  }
}

function encode(arg: ScriptArgument): BinaryString | number {
  if (typeof arg === 'number') return arg
  return arg instanceof Packed ? arg.bytes : binaryString(arg)
}

// Prepared, because V8 concatenates few strings faster than many.
const LENGTH_LINES = Array.from({ length: 1024 }, (_, length) => `\r\n$${length}\r\n`)

/** Returns a bulk string of RESP, after the line end of what comes before it. */
function bulkString(value: string | number): string {
  const bytes = String(value)
  return (LENGTH_LINES[bytes.length] ?? `\r\n$${bytes.length}\r\n`) + bytes
}

/** A call that ioredis sends to the server with its slot, and to another when it is redirected. */
class ClusterCall extends ScriptCall {
  readonly #slot: number
  readonly #cork: Cork

  constructor(
    { slot, cork }: { readonly slot: number; readonly cork: Cork },
    ...call: Parameters<SendScript>
  ) {
    super(...call)
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

import { setTimeout as sleep } from 'node:timers/promises'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import { askSentinel, connectTo, type Endpoint, type SentinelOptions } from './sentinels.ts'

type Connector = NonNullable<RedisOptions['Connector']>
type Stream = Awaited<ReturnType<AbstractConnector['connect']>>

/**
 * How long to wait for a connection to close. ioredis waits for that long even when the connection has closed or failed
 * before, and so does a command whose Redis is away; the default is 2 s.
 */
export const DISCONNECT_MS = 100

/**
 * Creates a connector for ioredis that asks the sentinels, one after the other, for the master. It also asks the sentinels
 * that they name. It replaces ioredis's own connector, which gives up permanently when a failover happens at the wrong
 * moment, and which a sentinel can make crash the process.
 *
 * @param sentinels At least one.
 * @param pauseMs Returns how long to wait after all sentinels have failed, given the number of failed rounds.
 */
export function createSentinelConnector(
  sentinels: readonly Endpoint[],
  options: SentinelOptions,
  pauseMs: (attempt: number) => number,
): Connector {
  // In the order in which they are asked.
  let known = [...sentinels]

  return class extends AbstractConnector {
    constructor() {
      super(DISCONNECT_MS)
    }

    override async connect(emit: (type: string, error: Error) => void): Promise<Stream> {
      this.connecting = true
      for (let attempt = 1; this.connecting; attempt += 1) {
        for (const sentinel of [...known]) {
          const master = await this.#ask(sentinel, emit)
          if (!this.connecting) break
          if (master !== undefined) return this.#open(master)
        }
        if (this.connecting) await sleep(pauseMs(attempt), undefined, { ref: false })
      }
      throw new Error('Connection is closed.')
    }

    override check({ role }: { readonly role?: string }): boolean {
      const isMaster = role === undefined || role === 'master'
      // Another sentinel may know the new master.
      if (!isMaster) known = [...known.slice(1), ...known.slice(0, 1)]
      return isMaster
    }

    async #ask(
      sentinel: Endpoint,
      emit: (type: string, error: Error) => void,
    ): Promise<Endpoint | undefined> {
      try {
        const answer = await askSentinel(sentinel, options)
        const all = [sentinel, ...sentinels, ...answer.sentinels]
        known = all.filter((one, index) => all.findIndex((other) => isSame(other, one)) === index)
        return answer.master
      } catch (error) {
        const name = `${sentinel.host}:${sentinel.port}`
        const reason = (error as Error).message
        emit('sentinelError', new Error(`failed to connect to sentinel ${name} because ${reason}`))
        return undefined
      }
    }

    #open(master: Endpoint): Stream {
      this.stream = connectTo(master, options.tls)
      this.stream.once('error', (error: Error) => {
        this.firstError = error
      })
      return this.stream
    }
  }
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.host === b.host && a.port === b.port
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClocks } from './clocks.ts'
import type { Deployment, Misbehaviour } from './deployment.ts'
import type { StoreName } from './faults.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { startStore } from './stores.ts'

/** By how much clocks jump: within what the servers compare themselves for, and beyond it. */
const JUMPS_MS = [-9000, -3000, -700, 700, 3000, 9000, 25_000, 70_000] as const

/**
 * Starts a store and its servers.
 *
 * @param program The compiled program.
 * @param replicas How many of two replicas must confirm each write.
 * @param logs A folder that keeps the logs of the servers; by default they are removed in the end.
 */
export async function deploy(
  store: StoreName,
  {
    program,
    replicas,
    logs,
  }: { readonly program: string; readonly replicas: number; readonly logs?: string | undefined },
): Promise<Deployment> {
  const opened: (() => Promise<unknown>)[] = []
  async function close(): Promise<void> {
    for (const end of opened.splice(0).reverse()) await end()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'emberlink-torture-'))
    opened.push(() => rm(folder, { recursive: true, force: true }))
    const { servers: settings, breaks, close: closeStore } = await startStore(store, folder, replicas)
    opened.push(closeStore)
    const servers: ServerProcess[] = []
    for (const its of settings) {
      const server = await startServerProcess(program, logs ?? folder, its)
      opened.push(() => server.close())
      servers.push(server)
    }
    const clocks = createClocks((server, aheadMs) => servers[server]?.moveClock(aheadMs))
    const moveClocks = (target: number, aheadMs: number) => {
      const isOfAll = target % 2 === 0
      for (const [at, server] of servers.entries()) {
        if (isOfAll || server === servers[target % servers.length]) clocks.move(at, aheadMs)
      }
    }
    return {
      urls: servers.map(({ url }) => url),
      clocks,
      async inject({ name, target, holdMs }) {
        const server = servers[target % servers.length]
        switch (name) {
          case 'kill-server':
            await server?.kill()
            return restart(server, holdMs)
          case 'kill-worker':
            for (const each of servers) each.killWorker(target)
            return []
          case 'stop-server':
            return [...((await server?.stop()) ?? []), ...(await restart(server, holdMs))]
          case 'pause-server':
            server?.pause()
            await sleep(holdMs)
            server?.resume()
            return []
          case 'move-clock':
            moveClocks(target, JUMPS_MS[(target >> 1) % JUMPS_MS.length] ?? 0)
            await sleep(holdMs)
            moveClocks(target, 0)
            return []
          default:
            await (breaks[name]?.(target, holdMs) ?? sleep(holdMs))
            return []
        }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function restart(server: ServerProcess | undefined, afterMs: number): Promise<Misbehaviour[]> {
  await sleep(afterMs)
  return (await server?.start()) ?? []
}

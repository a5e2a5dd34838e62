import { createSecrets, revealSecrets } from './closed-loop.ts'
import { type Api, v1 } from './requests.ts'
import type { Turn } from './rounds.ts'
import type { BenchServer } from './servers.ts'

const WARM_UP_SECONDS = 2

/** A turn in which a server creates secrets for some seconds, and then reveals each of them. */
export function createAndReveal(
  server: BenchServer,
  seconds: number,
  api: Api = v1,
): Turn<'create' | 'reveal'> {
  return async () => {
    const keys: string[] = []
    const create = await createSecrets(server, { duration: seconds }, { api, keys })
    return { create, reveal: await revealSecrets(server, keys, api) }
  }
}

/** Loads a server until its code is compiled. */
export async function warmUp(server: BenchServer, api: Api = v1): Promise<void> {
  await createAndReveal(server, WARM_UP_SECONDS, api)()
}

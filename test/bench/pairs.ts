import { createSecrets, type LoadOptions, revealSecrets } from './closed-loop.ts'
import { type Api, v1 } from './requests.ts'
import type { Turn } from './rounds.ts'
import type { BenchServer } from './servers.ts'

// By then, V8 compiles next to nothing more, which counts as CPU of the server. In seconds, that depends on the machine.
const WARM_UP = { rounds: 2, secrets: 10_000 }

/** A turn in which a server creates secrets for some seconds, and then reveals each of them. */
export function createAndReveal(
  server: BenchServer,
  seconds: number,
  options: LoadOptions = {},
): Turn<'create' | 'reveal'> {
  return async () => {
    const keys: string[] = []
    const create = await createSecrets(server, { duration: seconds }, { ...options, keys })
    return { create, reveal: await revealSecrets(server, keys, options) }
  }
}

/** Loads a server until its code is compiled. */
export async function warmUp(server: BenchServer, api: Api = v1): Promise<void> {
  // More than once, because the first of each kind makes V8 compile for both.
  for (let round = 0; round < WARM_UP.rounds; round += 1) {
    const keys: string[] = []
    await createSecrets(server, { amount: WARM_UP.secrets }, { api, keys })
    await revealSecrets(server, keys, { api })
  }
}

import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { PROJECT_ROOT } from './project-root.ts'

const CACHE = `${PROJECT_ROOT}node_modules/.cache/`
/** A lock that is older belonged to a process that died. */
const LOCK_LIFE_MS = 120_000

/**
 * Fetches something into a folder under `node_modules`, unless it is there. Once; other processes wait.
 *
 * @param name Of the folder, and of what is in it, such as `redis/debian`.
 * @param fetch Fetches it into the first folder, with a second one for its work. An incomplete fetch leaves nothing behind.
 * @returns The folder, with a slash at the end.
 */
export async function fetchOnce(
  name: string,
  fetch: (folder: string, work: string) => Promise<void>,
): Promise<string> {
  const fetched = `${CACHE}${name}/`
  const cache = `${CACHE}${name.split('/')[0]}/`
  const lock = `${cache}fetching`
  await mkdir(cache, { recursive: true })
  while (!existsSync(fetched)) {
    if (take(lock)) {
      const work = await mkdtemp(`${cache}packages-`)
      try {
        if (!existsSync(fetched)) {
          await fetch(`${work}/root`, work)
          await rename(`${work}/root`, fetched)
        }
      } finally {
        await rm(work, { recursive: true, force: true })
        rmdirSync(lock)
      }
    } else {
      await sleep(100)
    }
  }
  return fetched
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const born = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - born > LOCK_LIFE_MS) rmdirSync(lock)
    return false
  }
}

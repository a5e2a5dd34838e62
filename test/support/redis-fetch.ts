import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/redis/', import.meta.url))
const UNPACKED = `${CACHE}debian/`
const LOCK = `${CACHE}fetching`
/** After this long, whoever held the lock has died with it. */
const LOCK_LIFE_MS = 120_000

/** How to start a `redis-server` that was not installed. */
export interface FetchedRedis {
  readonly command: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * Fetches Debian's or Ubuntu's packages of Redis and unpacks them under `node_modules`: nothing is installed, root is
 * not needed, and the lists of packages may be empty, as they are in a fresh image. Once; other processes wait.
 */
export async function fetchRedis(): Promise<FetchedRedis> {
  await mkdir(CACHE, { recursive: true })
  while (!existsSync(UNPACKED)) {
    if (lock()) {
      try {
        await fetchPackages()
      } finally {
        rmdirSync(LOCK)
      }
    } else {
      await sleep(100)
    }
  }
  const libraries = await readdir(`${UNPACKED}usr/lib`)
  const folders = libraries.map((triplet) => `${UNPACKED}usr/lib/${triplet}`)
  return { command: `${UNPACKED}usr/bin/redis-server`, env: { LD_LIBRARY_PATH: folders.join(':') } }
}

function lock(): boolean {
  try {
    mkdirSync(LOCK)
    return true
  } catch {
    const born = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - born > LOCK_LIFE_MS) rmdirSync(LOCK)
    return false
  }
}

async function fetchPackages(): Promise<void> {
  if (existsSync(UNPACKED)) return
  const folder = await mkdtemp(`${CACHE}packages-`)
  try {
    await mkdir(`${folder}/lists/partial`, { recursive: true })
    const ownLists = [`Dir::State::Lists=${folder}/lists`, `Dir::Cache=${folder}`, 'APT::Sandbox::User=']
    const apt = (command: string, ...args: string[]) =>
      run(command, [...ownLists.flatMap((option) => ['-o', option]), ...args], { cwd: folder })
    await apt('apt-get', 'update')
    const { stdout } = await apt('apt-cache', 'depends', '--important', 'redis-tools')
    const libraries = [...stdout.matchAll(/^ *\|?(?:Pre)?Depends: (lib[^<\s]+)/gm)]
      .map(([, name]) => name as string)
      .filter((name) => !/^(libc6|libsystemd0|libelogind0)$/.test(name))
    await apt('apt-get', 'download', 'redis-server', 'redis-tools', ...libraries)
    for (const file of await readdir(folder)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', `${folder}/${file}`, `${folder}/root`])
    }
    await rename(`${folder}/root`, UNPACKED)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

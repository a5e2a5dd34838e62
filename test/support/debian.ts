import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
/** A lock that is older belonged to a process that died. */
const LOCK_LIFE_MS = 120_000

/** Programs that were not installed. */
export interface FetchedPrograms {
  /** Where they are. */
  readonly bin: string
  /** What they need to find their libraries. */
  readonly env: { readonly LD_LIBRARY_PATH: string }
}

/**
 * Fetches Debian's or Ubuntu's packages, with the libraries that they need, and unpacks them under `node_modules`:
 * nothing is installed, root is not needed, and the lists of packages may be empty, as they are in a fresh image. Once;
 * other processes wait.
 * @param name Of the folder that they share.
 */
export async function fetchPrograms(name: string, packages: readonly string[]): Promise<FetchedPrograms> {
  const cache = `${CACHE}${name}/`
  const unpacked = `${cache}debian/`
  const lock = `${cache}fetching`
  await mkdir(cache, { recursive: true })
  while (!existsSync(unpacked)) {
    if (take(lock)) {
      try {
        if (!existsSync(unpacked)) await unpack(packages, cache, unpacked)
      } finally {
        rmdirSync(lock)
      }
    } else {
      await sleep(100)
    }
  }
  const triplets = existsSync(`${unpacked}usr/lib`) ? await readdir(`${unpacked}usr/lib`) : []
  const libraries = triplets.map((triplet) => `${unpacked}usr/lib/${triplet}`)
  return { bin: `${unpacked}usr/bin/`, env: { LD_LIBRARY_PATH: libraries.join(':') } }
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

async function unpack(packages: readonly string[], cache: string, unpacked: string): Promise<void> {
  const folder = await mkdtemp(`${cache}packages-`)
  try {
    await mkdir(`${folder}/lists/partial`, { recursive: true })
    const ownLists = [`Dir::State::Lists=${folder}/lists`, `Dir::Cache=${folder}`, 'APT::Sandbox::User=']
    const apt = (command: string, ...args: string[]) =>
      run(command, [...ownLists.flatMap((option) => ['-o', option]), ...args], { cwd: folder })
    await apt('apt-get', 'update')
    const { stdout } = await apt('apt-cache', 'depends', '--important', ...packages)
    const libraries = [...stdout.matchAll(/^ *\|?(?:Pre)?Depends: (lib[^<\s]+)/gm)]
      .map(([, library]) => library as string)
      .filter((library) => !/^(libc6|libsystemd0|libelogind0)$/.test(library))
    await apt('apt-get', 'download', ...packages, ...new Set(libraries))
    for (const file of await readdir(folder)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', `${folder}/${file}`, `${folder}/root`])
    }
    await rename(`${folder}/root`, unpacked)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

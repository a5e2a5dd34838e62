import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { fetchOnce } from './fetch-once.ts'

const run = promisify(execFile)

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
  const unpacked = await fetchOnce(`${name}/debian`, (root, work) =>
    unpack(packages, root, work, { libraries: /^(?!libc6$|libsystemd0$|libelogind0$)/ }),
  )
  return { bin: `${unpacked}usr/bin/`, env: { LD_LIBRARY_PATH: (await librariesIn(unpacked)).join(':') } }
}

/**
 * Fetches packages of another release of Debian in the same way, with all their libraries.
 *
 * @param release Its name, such as `trixie`.
 * @returns How a command line with one of the programs begins: libraries of one release do not work with the loader of another.
 */
export async function fetchFromRelease(
  release: string,
  name: string,
  packages: readonly string[],
): Promise<(program: string) => readonly string[]> {
  const unpacked = await fetchOnce(`${name}/${release}`, (root, work) =>
    unpack([...packages, 'libc6'], root, work, { libraries: /^/, release }),
  )
  const folders = await librariesIn(unpacked)
  const files = (await Promise.all(folders.map((folder) => readdir(folder)))).map((names, index) =>
    names.filter((file) => /^ld-linux.*\.so\.\d$/.test(file)).map((file) => `${folders[index]}/${file}`),
  )
  const [loader] = files.flat()
  if (loader === undefined) throw new Error(`libc6 of ${release} has no loader`)
  return (program) => [loader, '--library-path', folders.join(':'), `${unpacked}usr/bin/${program}`]
}

async function librariesIn(unpacked: string): Promise<string[]> {
  const triplets = existsSync(`${unpacked}usr/lib`) ? await readdir(`${unpacked}usr/lib`) : []
  return triplets.map((triplet) => `${unpacked}usr/lib/${triplet}`)
}

/** What to unpack. */
interface Choice {
  /** Matches the names of the libraries to fetch. */
  readonly libraries: RegExp
  /** The release of Debian; that of this machine by default. */
  readonly release?: string
}

async function unpack(
  packages: readonly string[],
  root: string,
  work: string,
  { libraries, release }: Choice,
): Promise<void> {
  const lists = await fetchLists(release)
  const apt = (command: string, ...args: string[]) =>
    run(command, [...optionsFor(lists, release), ...args], { cwd: work })
  const { stdout } = await apt('apt-cache', 'depends', '--important', ...packages)
  const needed = [...stdout.matchAll(/^ *\|?(?:Pre)?Depends: (lib[^<\s]+)/gm)]
    .map(([, library]) => library as string)
    .filter((library) => libraries.test(library))
  await apt('apt-get', 'download', ...packages, ...new Set(needed))
  for (const file of await readdir(work)) {
    if (file.endsWith('.deb')) await run('dpkg', ['-x', `${work}/${file}`, root])
  }
}

/** Fetches the lists of a release once for all who fetch packages of it on the same day: apt takes seconds to read them. */
function fetchLists(release: string | undefined): Promise<string> {
  const today = new Date().toISOString().slice(0, 10)
  return fetchOnce(`lists-${release ?? 'own'}/${today}`, async (folder) => {
    await mkdir(`${folder}/lists/partial`, { recursive: true })
    if (release !== undefined) await writeSources(release, folder)
    await run('apt-get', [...optionsFor(folder, release), 'update'])
  })
}

/** Makes apt work in a folder of its own, with what it has read of the lists, which Docker's images do not keep. */
function optionsFor(folder: string, release: string | undefined): string[] {
  const options = [`Dir::State::Lists=${folder}/lists`, `Dir::Cache=${folder}`, 'APT::Sandbox::User=']
  for (const name of ['pkgcache', 'srcpkgcache']) options.push(`Dir::Cache::${name}=${name}.bin`)
  if (release !== undefined)
    options.push(`Dir::Etc::SourceList=${folder}/${sourcesFile(release)}`, 'Dir::Etc::SourceParts=/dev/null')
  return options.flatMap((option) => ['-o', option])
}

const MODERN_SOURCES = '/etc/apt/sources.list.d/debian.sources'
const SOURCES = existsSync(MODERN_SOURCES) ? MODERN_SOURCES : '/etc/apt/sources.list'

/** Takes this machine's sources of Debian, with their keys, and puts another release into them. */
async function writeSources(release: string, folder: string): Promise<void> {
  const system = await readFile('/etc/os-release', 'utf8')
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(system)?.[1] ?? release
  const sources = (await readFile(SOURCES, 'utf8')).replaceAll(codename, release)
  const withTargets = sources.replaceAll(/^(Types: deb)$/gm, '$1\nTargets: Packages')
  await writeFile(`${folder}/${sourcesFile(release)}`, withTargets)
}

function sourcesFile(release: string): string {
  return `${release}.${SOURCES.split('.').pop()}`
}

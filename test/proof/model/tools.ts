import { execFile, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { fetchPrograms } from '../../support/debian.ts'

const run = promisify(execFile)

/** SPIN, and the C compiler for what it generates. */
export interface Tools {
  readonly spin: string
  /** Expands the `#define`s of a model. */
  readonly preprocessor: string
  /** Compiles a file of C. */
  compile(source: string, program: string, options: readonly string[], folder: string): Promise<void>
}

/**
 * Finds SPIN and tcc, or fetches Debian's packages. tcc, because it compiles a generated checker in a twentieth of a second,
 * when gcc takes longer than most searches, and because a machine may have no compiler at all, nor the headers of its C library.
 */
export async function findTools(): Promise<Tools> {
  const isInstalled = ['spin', 'tcc'].every((name) => spawnSync(name, ['-v']).error === undefined)
  if (isInstalled) return toolsOf('spin', 'tcc', (source, program) => ['-o', program, source])
  const { bin, env } = await fetchPrograms('spin', ['spin', 'tcc', 'libc6-dev', 'linux-libc-dev'])
  return toolsOf(`${bin}spin`, `${bin}tcc`, fetchedLibraries(env.LD_LIBRARY_PATH))
}

type Arguments = (source: string, program: string) => readonly string[]

function toolsOf(spin: string, tcc: string, argumentsFor: Arguments): Tools {
  return {
    spin,
    preprocessor: `${tcc} -xc -E`,
    async compile(source, program, options, folder) {
      await run(tcc, ['-w', ...options, ...argumentsFor(source, program)], { cwd: folder })
    },
  }
}

/** Names everything, because nothing is where the compiler looks for it. The C library itself is on every machine. */
function fetchedLibraries(libraryPath: string): Arguments {
  const library = libraryPath.split(':').find((folder) => readdirSync(folder).includes('crt1.o')) ?? ''
  const triplet = library.split('/').at(-1)
  const include = `${library}/../../include`
  const headers = [`${library}/tcc/include`, `${include}/${triplet}`, include].map((folder) => `-I${folder}`)
  return (source, program) => [
    ...[`-B${library}/tcc`, '-nostdinc', ...headers, '-nostdlib', '-o', program],
    ...[`${library}/crt1.o`, `${library}/crti.o`, source, `/lib/${triplet}/libc.so.6`],
    ...[`${library}/libc_nonshared.a`, `${library}/tcc/libtcc1.a`, `${library}/crtn.o`],
  ]
}

import { rolldown } from 'rolldown'
import { PROJECT_ROOT } from '../../support/project-root.ts'
import { type Instrumented, instrument } from './instrument.ts'

/** A target with all that it loads, instrumented. */
export interface Bundle {
  /** The module, in a file. */
  readonly path: string
  readonly places: number
  readonly words: readonly (string | number)[]
}

const EXTERNAL = [
  // They hold native code, or load the files of others.
  'argon2',
  'lmdb',
  'bcryptjs',
  'pino',
  // They read what Redis and SMTP servers send, and belong to others.
  'ioredis',
  'nodemailer',
  // What the build leaves out, too.
  'prom-client',
  /^@opentelemetry\//,
  '@fastify/otel',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
]

/**
 * Bundles a target with its part of src and the packages that it loads, and instruments them.
 *
 * @param path The module of the target, below `test/fuzz`.
 * @param folder Where to write the bundle.
 */
export async function bundleTarget(path: string, folder: string): Promise<Bundle> {
  const shared: Instrumented = { places: 0, words: new Set() }
  const bundle = await rolldown({
    input: `${PROJECT_ROOT}test/fuzz/${path}`,
    platform: 'node',
    tsconfig: false,
    logLevel: 'silent',
    external: EXTERNAL,
    plugins: [
      {
        name: 'instrument',
        transform(code, id) {
          if (!/\.[cm]?[jt]s$/.test(id) || id.includes('\0')) return undefined
          // Modules find the files beside them.
          const located = code.replaceAll('import.meta.url', JSON.stringify(`file://${id}`))
          return instrument(located, id.endsWith('.ts') ? 'ts' : 'js', shared)
        },
      },
    ],
  })
  const name = `${path.replaceAll(/[^a-z0-9]+/g, '-')}.mjs`
  await bundle.write({ dir: folder, entryFileNames: name, chunkFileNames: `${name}-[name].mjs` })
  await bundle.close()
  return { path: `${folder}/${name}`, places: shared.places, words: [...shared.words] }
}

// Bundles the server: src, and the packages that it needs to start. Node.js loads a few large files several times as fast as
// the 600 small ones; and CommonJS faster than ESM, which reads all exports of a built-in module, and with those of
// node:http loads a whole HTTP client.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const src = fileURLToPath(new URL('../src/', import.meta.url))

/** Packages that are loaded from node_modules. */
const EXTERNAL = [
  // They hold native code.
  'argon2',
  'lmdb',
  // A thread of its own loads it.
  'bcryptjs',
  // Only METRICS loads it.
  'prom-client',
  // Operators install them themselves.
  /^@opentelemetry\//,
  '@fastify/otel',
  // Fastify can do without.
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
]

/** Lets each module find the files beside it, which the build copies to the same place below the bundle. */
const filesBesideModules = {
  name: 'files-beside-modules',
  transform(code, id) {
    if (!id.startsWith(src)) return undefined
    const place = JSON.stringify(relative(src, id))
    return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url)`)
  },
}

/** Leaves out what Fastify would need to speak TLS, 2 MB of built-in modules: that is the proxy's. */
const withoutTls = {
  name: 'without-tls',
  resolveId(id, importer) {
    const isTls = id === 'node:https' || id === 'node:http2'
    return isTls && importer?.endsWith('/fastify/lib/server.js') ? '\0without-tls' : undefined
  },
  load: (id) => (id === '\0without-tls' ? 'module.exports = {}' : undefined),
}

// The loop that adds two methods for each of 370 commands.
const METHODS_OF_COMMANDS = 'commands.forEach(function (commandName) {'

/**
 * Makes ioredis add its methods to a table: V8 would copy the description of all so far for each of them, 6 MB in all, until a
 * property has been deleted.
 */
const methodsInTable = {
  name: 'methods-in-table',
  transform(code, id) {
    if (!id.endsWith('/ioredis/built/utils/Commander.js')) return undefined
    if (!code.includes(METHODS_OF_COMMANDS)) throw new Error('ioredis adds its methods in another way now')
    return code.replace(METHODS_OF_COMMANDS, `delete Commander.prototype.createBuiltinCommand;\n$&`)
  },
}

/** Writes the command and `emberlink/testing` to a folder, each with the chunks that it loads. */
export async function bundleServer(folder) {
  const bundle = await rolldown({
    input: { main: `${src}main.ts`, testing: `${src}testing.ts` },
    platform: 'node',
    // These comments have paths, which depend on where the packages are.
    experimental: { attachDebugInfo: 'none' },
    tsconfig: false,
    external: EXTERNAL,
    plugins: [filesBesideModules, withoutTls, methodsInTable],
  })
  await bundle.write({
    dir: folder,
    format: 'cjs',
    chunkFileNames: '[name].js',
    comments: false,
    // V8 would need two bytes for each character of a file with a single one beyond Latin-1.
    charset: 'ascii',
  })
  writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n')
}

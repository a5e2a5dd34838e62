// Deletes from node_modules what a server in the image never reads: declarations, source maps, documents, tests, sources of native
// code, and binaries for other systems. The package.json and the license of every package stay, also for scanners.
//
//   node docker/prune-packages.mjs FOLDER [CPU]
//
// CPU is x64 or arm64; by default, that of this machine. The system is Linux with glibc.
import { readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '', cpu = process.arch] = process.argv.slice(2)

const CODE = /\.([cm]?js|json|proto)$/
const LICENSE = /^(licen[cs]e|notice|copying)/i
// Hidden ones, those for developers at the top of a package, and the builds of OpenTelemetry for bundlers.
const UNUSED_FOLDER = [
  /(^|\/)\.[^/]+\//,
  /(^|\/node_modules\/)(@[^/]+\/)?[^/]+\/(benchmarks?|docs|examples?|tests?)\//,
  /(^|\/)@opentelemetry\/[^/]+\/build\/(esm|esnext)\//,
]
// Binaries without the version of Node.js in their names work with each.
const NATIVE = new RegExp(
  `^argon2/prebuilds/linux-${cpu}/[^/]+\\.glibc\\.node$|-linux-${cpu}/node\\.napi(\\.\\w+)?\\.glibc\\.node$`,
)

prune('')

/** Prunes a folder below node_modules. Returns whether nothing is left of it. */
function prune(path) {
  let isEmpty = true
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory() && prune(child)) rmdirSync(join(folder, child))
    else if (!entry.isDirectory() && !isNeeded(child, entry.name)) unlinkSync(join(folder, child))
    else isEmpty = false
  }
  return isEmpty
}

function isNeeded(path, name) {
  if (UNUSED_FOLDER.some((pattern) => pattern.test(path))) return false
  return CODE.test(name) || LICENSE.test(name) || NATIVE.test(path)
}

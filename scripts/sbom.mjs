// Prints the packages of package-lock.json that are installed in production, on any platform, as CycloneDX. Npm writes it, but with
// `--omit dev` it would leave out packages that development needs too, so it never sees those. The same lockfile gives the same
// text: without the time, and with a serial number from the content.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { devDependencies: _, ...manifest } = readJson('package.json')
const lock = readJson('package-lock.json')
delete lock.packages[''].devDependencies
for (const [path, { dev }] of Object.entries(lock.packages)) if (dev) delete lock.packages[path]

const temporary = mkdtempSync(join(tmpdir(), 'emberlink-sbom-'))
try {
  // Npm names what it describes after the folder.
  const folder = join(temporary, manifest.name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock))
  const options = ['--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application']
  const document = JSON.parse(execFileSync('npm', ['sbom', ...options], { cwd: folder, encoding: 'utf8' }))
  delete document.metadata.timestamp
  delete document.serialNumber
  const { $schema, bomFormat, specVersion, ...content } = document
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`
  console.log(JSON.stringify({ $schema, bomFormat, specVersion, serialNumber, ...content }, undefined, 2))
} finally {
  rmSync(temporary, { recursive: true })
}

function readJson(name) {
  return JSON.parse(readFileSync(join(root, name), 'utf8'))
}

/** Returns a UUID of version 8 (RFC 9562, 5.8) from a hash of a text. */
function uuidOf(text) {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16)
  bytes[6] = (bytes[6] & 0x0f) | 0x80
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

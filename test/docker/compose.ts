import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** The root of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What the tests read of a service. */
export interface Service {
  readonly [key: string]: unknown
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly networks?: { readonly store?: { readonly ipv4_address?: string } }
}

/** What the tests read of a compose file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>
}

/** @param path From the root of the project. */
export function readCompose(path: string): ComposeFile {
  return parse(readFileSync(`${ROOT}${path}`, 'utf8'), { merge: true })
}

/**
 * Runs make-secrets.mjs as the service `secrets` does.
 * @param folder What stands for the containers' `/secrets`.
 */
export function makeSecrets(file: ComposeFile, folder: string): void {
  const [, ...args] = file.services['secrets']?.command ?? []
  execFileSync(process.execPath, [`${ROOT}docker/make-secrets.mjs`, folder, ...args], { stdio: 'pipe' })
}

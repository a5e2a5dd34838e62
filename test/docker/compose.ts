import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** The root of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The files that are complete, and those that change docker-compose.yml. */
export const WHOLE = ['docker-compose.yml', 'docker/regions/edge.yml'] as const
export const CHANGES = [
  'docker/sentinel.yml',
  'docker/cluster.yml',
  'docker/regions/region.yml',
  'docker/tls.yml',
  'docker/prometheus.yml',
] as const

/** What the tests read of a service. */
export interface Service {
  readonly [key: string]: unknown
  readonly image?: string
  readonly user?: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly (string | { readonly target: string })[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly networks?: { readonly store?: { readonly ipv4_address?: string } }
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, string>> } }
}

/** What the tests read of a network. */
export interface Network {
  readonly internal?: boolean
  readonly ipam?: { readonly config: readonly { readonly subnet: string }[] }
}

/** What the tests read of a compose file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, Network | null>>
  readonly volumes: Readonly<Record<string, unknown>>
}

/**
 * Reads a compose file.
 * @param path From the root of the project.
 * @param nets Other values of STORE_NET and EDGE_NET, the variables that are filled in.
 */
export function readCompose(path: string, nets: Readonly<Record<string, string>> = {}): ComposeFile {
  const text = readFileSync(`${ROOT}${path}`, 'utf8').replaceAll(
    /\$\{(\w+_NET):-([\d.]+)\}/g,
    (_, name, normal) => nets[name] ?? normal,
  )
  // YAML has no `!reset`, by which Compose removes what the other file has.
  return parse(text, { merge: true, logLevel: 'error' })
}

/**
 * Merges a compose file with docker-compose.yml, as far as the tests need it: what a service leaves out, it has from the
 * service that it changes or extends.
 * @param path A file of `CHANGES`.
 */
export function readStack(path: string): ComposeFile {
  const base = readCompose('docker-compose.yml')
  const { services = {}, networks = {}, volumes = {} } = readCompose(path)
  const merged = Object.entries(services).map(([name, service]) => {
    const { extends: from } = service as { extends?: { service: string } }
    const below = base.services[from?.service ?? name] ?? {}
    return [
      name,
      { ...below, ...service, environment: { ...below.environment, ...service.environment } },
    ] as const
  })
  return {
    services: { ...base.services, ...Object.fromEntries(merged) },
    networks: { ...networks, ...base.networks },
    volumes: { ...base.volumes, ...volumes },
  }
}

/**
 * Runs make-secrets.mjs as the service `secrets` does.
 * @param folder What stands for the containers' `/secrets`.
 */
export function makeSecrets(file: ComposeFile, folder: string): void {
  const [, ...args] = file.services['secrets']?.command ?? []
  execFileSync(process.execPath, [`${ROOT}docker/make-secrets.mjs`, folder, ...args], { stdio: 'pipe' })
}

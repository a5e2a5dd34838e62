import { readFileSync } from 'node:fs'
import { DCLinter } from 'dclint'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { CHANGES, type ComposeFile, ROOT, readCompose, readStack, type Service, WHOLE } from './compose.ts'

const stacks: [string, ComposeFile][] = [
  ...WHOLE.map((path): [string, ComposeFile] => [path, readCompose(path)]),
  ...CHANGES.map((path): [string, ComposeFile] => [path, readStack(path)]),
]
const services = stacks.flatMap(([path, { services }]) =>
  Object.entries(services).map(([name, service]): [string, string, Service] => [path, name, service]),
)

describe('the Compose files', () => {
  it.each([...WHOLE, ...CHANGES])('follow the Compose specification in %s', (path) => {
    const rules = {
      // Two services are run from the image that is built here, so it has a name.
      'no-build-and-image': 0,
      // The linter reads no variables: the interface is in BIND. Caddy serves every client.
      'no-unbound-port-interfaces': 0,
    } as const
    const found: { messages: { type: string }[] }[] = new DCLinter({
      rules,
      quiet: true,
      debug: false,
      exclude: [],
    }).lintFiles([`${ROOT}${path}`], false)
    expect(found.flatMap(({ messages }) => messages).filter(({ type }) => type === 'error')).toEqual([])
  })

  it.each(services)(
    'give %s: %s a read-only root, limits, no capabilities and no way to gain privileges',
    (_path, name, service) => {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        deploy: {
          resources: {
            limits: { cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) },
          },
        },
      })
      expect(service).not.toHaveProperty('privileged')
      expect(service['cap_add'] ?? []).toEqual(name === 'caddy' ? ['NET_BIND_SERVICE'] : [])
    },
  )

  it.each(services)('pin the image of %s: %s to an exact version', (_path, _name, { image }) => {
    expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+/)
  })

  it('run the version of this package', () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    const { services } = readCompose('docker-compose.yml')
    expect(services['emberlink']?.image).toBe(`emberlink:${version}`)
    expect(services['secrets']?.image).toBe(`emberlink:${version}`)
  })

  it.each(services)(
    'F17: publish ports of %s: %s only on loopback for the server and Prometheus, and for Caddy',
    (_path, name, { ports = [] }) => {
      if (name === 'caddy') expect(ports).toEqual(['80:80', '443:443', '443:443/udp'])
      else if (name === 'emberlink' || name === 'prometheus') expect(ports).toSatisfy(isOnLoopback)
      else expect(ports).toEqual([])
    },
  )

  it.each(CHANGES)('F17: keep Redis with %s on an internal network that only the server shares', (path) => {
    const { services, networks } = readStack(path)
    expect(networks['store']).toMatchObject({ internal: true })
    for (const [name, service] of Object.entries(services)) {
      if (service.image?.startsWith('redis:'))
        expect([name, namesOf(service['networks'])]).toEqual([name, ['store']])
    }
  })

  it.each(CHANGES.slice(0, 2))(
    'let two stacks with %s run on one host, beside the edge of two regions',
    (path) => {
      const [one, other] = [readCompose(path), readCompose(path, { STORE_NET: '172.28.8' })]
      const subnets = [one, other, readCompose('docker/regions/edge.yml'), readCompose('docker/tls.yml')]
        .flatMap(({ networks }) => Object.values(networks))
        .flatMap((network) => network?.ipam?.config ?? [])
        .map(({ subnet }) => subnet)
      expect(subnets).toHaveLength(5)
      expect(new Set(subnets).size).toBe(5)
      expect(JSON.stringify(other)).not.toContain('172.28.7')
      expect(JSON.stringify(other).replaceAll('172.28.8', '172.28.7')).toBe(JSON.stringify(one))
    },
  )

  it.each(stacks)('F25: keep the data of %s on named volumes', (_path, { services, volumes }) => {
    const homes = Object.entries(services).map(([name, { volumes: mounts = [] }]) => {
      const data = mounts.find((mount) => typeof mount === 'string' && mount.endsWith(':/data'))
      return [name, String(data ?? '').split(':')[0]] as const
    })
    const holders = homes.filter(([name]) => /^(emberlink|redis|sentinel|caddy)/.test(name))
    for (const [name, volume] of holders)
      expect([name, Object.keys(volumes)]).toEqual([name, expect.arrayContaining([volume])])
    expect(new Set(holders.map(([, volume]) => volume)).size).toBe(holders.length)
  })

  it('F25: put the data where the volume is', () => {
    expect(readCompose('docker-compose.yml').services['emberlink']?.environment).toMatchObject({
      DATA_DIR: '/data',
    })
    for (const name of ['redis.conf', 'sentinel.conf']) {
      expect(readFileSync(`${ROOT}docker/${name}`, 'utf8')).toMatch(/^dir \/data$/m)
    }
  })

  it.each([...CHANGES.slice(0, 2)])('start every service of %s after what it needs', (path) => {
    const { services } = readStack(path)
    expect(readCompose('docker-compose.yml').services['emberlink']?.depends_on).toEqual({
      secrets: { condition: 'service_completed_successfully' },
      redis: { condition: 'service_healthy' },
    })
    for (const [name, { depends_on: needs = {} }] of Object.entries(services)) {
      if (name !== 'secrets') expect([name, Object.keys(needs).length]).not.toEqual([name, 0])
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(services).toHaveProperty(needed)
        const once = ['secrets', 'setup'].includes(needed)
        expect(condition).toBe(once ? 'service_completed_successfully' : 'service_healthy')
      }
    }
  })

  it('give Redis at least twice the memory that it may fill', () => {
    const [, megabytes] = /^maxmemory (\d+)mb$/m.exec(readFileSync(`${ROOT}docker/redis.conf`, 'utf8')) ?? []
    const limit = readCompose('docker-compose.yml').services['redis']?.deploy?.resources.limits['memory']
    expect(Number.parseInt(limit ?? '0', 10)).toBeGreaterThanOrEqual(2 * Number(megabytes))
  })

  it.each([
    ['docker-compose.yml', readCompose('docker-compose.yml')],
    ...CHANGES.map((path): [string, ComposeFile] => [path, readStack(path)]),
  ])('give the server settings that it accepts, in %s', (_path, { services }) => {
    const { environment = {} } = services['emberlink'] ?? {}
    const filled = Object.entries(environment).map(([name, value]) => [name, interpolate(value)])
    const readFile = (path: string) =>
      path.endsWith('root_key')
        ? 'f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
        : 'redis://redis'
    expect(loadConfig(Object.fromEntries(filled), readFile)).toMatchObject({ port: 3000, bind: '0.0.0.0' })
  })
})

function isOnLoopback(ports: readonly string[]): boolean {
  return ports.every((port) => /^(\$\{BIND:-127\.0\.0\.1\}|127\.0\.0\.1):/.test(port))
}

function namesOf(networks: unknown): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks as object)
}

/** Returns the value as Compose fills it in when only the variables below are set. */
function interpolate(value: string): string {
  const variables: Record<string, string> = { REGION: 'eu', DOMAIN: 'example.com' }
  return value
    .replaceAll(/\$\{(\w+)(?::\?[^}]*)?\}/g, (_, name) => variables[name] ?? '')
    .replaceAll(/\$\{\w+:-([^${}]*)\}/g, '$1')
    .replaceAll(/\$\{\w+:-([^${}]*)\}/g, '$1')
}

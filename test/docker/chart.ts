import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { ROOT } from './compose.ts'
import type { KubernetesObject } from './kubernetes-types.ts'

const run = promisify(execFile)

/** The folder of the chart. */
export const CHART = `${ROOT}docker/helm/emberlink`

/** Renders the chart and returns its objects. @throws Error with what Helm printed, when it rejects the values. */
export async function render(helm: string, values: string, ...args: string[]): Promise<KubernetesObject[]> {
  const files = [
    'template',
    CHART,
    '--name-template',
    'ember',
    '--namespace',
    'secrets',
    '--values',
    `${CHART}/ci/${values}`,
  ]
  const { stdout } = await run(helm, [...files, ...args])
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null)
}

/** Returns the object of a kind whose name ends so. @throws Error when there is none. */
export function find(
  objects: readonly KubernetesObject[],
  kind: string,
  name = 'ember-emberlink',
): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  if (found === undefined) throw new Error(`the chart has no ${kind} ${name}`)
  return found
}

/** Returns the specifications of all pods, by the name of the object that creates them. */
export function podsOf(objects: readonly KubernetesObject[]) {
  return objects.flatMap((object) => {
    const { metadata, kind, spec } = object
    if (kind === 'Pod') return [{ name: metadata.name, labels: metadata.labels ?? {}, pod: spec }]
    const { template } = spec ?? {}
    return template === undefined
      ? []
      : [{ name: metadata.name, labels: template.metadata.labels, pod: template.spec }]
  })
}

/**
 * Returns the variables of a container as its process sees them: Kubernetes replaces `$(NAME)` by a variable before it, and `$$`
 * by `$` (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/).
 */
export function environmentOf(container: {
  env: readonly { name: string; value: string }[]
}): Record<string, string> {
  const seen: Record<string, string> = {}
  for (const { name, value } of container.env)
    seen[name] = value.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, variable?: string) =>
      variable === undefined ? '$' : (seen[variable] ?? whole),
    )
  return seen
}

/** Returns the text under each key of a Secret. */
export function textsOf({ data = {}, stringData = {} }: KubernetesObject): Record<string, string> {
  const decoded = Object.entries(data as Record<string, string>).map(
    ([key, text]) => [key, Buffer.from(text, 'base64').toString()] as const,
  )
  return { ...Object.fromEntries(decoded), ...stringData }
}

/**
 * Starts what Helm asks of a cluster: its version, its kinds, and the Secrets that it holds.
 *
 * @param objects Of each kind that the cluster knows.
 * @param secrets By name.
 * @returns The arguments with which `helm template` looks up objects there, and how to stop it.
 */
export async function startCluster(
  objects: readonly KubernetesObject[],
  secrets: ReadonlyMap<string, KubernetesObject>,
) {
  const answers = describeKinds(objects)
  const missing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 }
  const server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const secret = /^\/api\/v1\/namespaces\/secrets\/secrets\/(.+)$/.exec(pathname)?.[1]
    const answer = answers[pathname] ?? secrets.get(secret ?? '')
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? missing))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    args: [
      '--dry-run=server',
      '--disable-openapi-validation',
      '--kube-apiserver',
      `http://127.0.0.1:${port}`,
    ],
    close: () => server.close(),
  }
}

/** Returns what the API says about its version and kinds, by path. */
function describeKinds(objects: readonly KubernetesObject[]): Readonly<Record<string, object>> {
  const versions = [...new Set(objects.map(({ apiVersion }) => apiVersion))]
  const groups = versions
    .filter((groupVersion) => groupVersion.includes('/'))
    .map((groupVersion) => {
      const [name, version] = groupVersion.split('/')
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } }
    })
  const lists = versions.map((groupVersion) => {
    const kinds = new Set(
      objects.filter((object) => object.apiVersion === groupVersion).map(({ kind }) => kind),
    )
    const resources = [...kinds].map((kind) => ({
      name: `${kind.toLowerCase()}s`,
      kind,
      namespaced: true,
      verbs: ['get'],
    }))
    const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`
    return [path, { kind: 'APIResourceList', groupVersion, resources }] as const
  })
  return {
    '/version': { major: '1', minor: '35', gitVersion: 'v1.35.0' },
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups },
    ...Object.fromEntries(lists),
  }
}

/** Returns an object as it is in the cluster, where Helm notes the release that owns it. */
export function installed({ metadata, ...object }: KubernetesObject): KubernetesObject {
  const owner = { 'meta.helm.sh/release-name': 'ember', 'meta.helm.sh/release-namespace': 'secrets' }
  return {
    ...(object as KubernetesObject),
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...owner } },
  }
}

/** Reads a file of the chart. */
export function readChart(name: string): string {
  return readFileSync(`${CHART}/${name}`, 'utf8')
}

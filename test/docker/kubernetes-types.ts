import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { ROOT } from './compose.ts'

/** An object of the Kubernetes API, as far as the tests need it. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: the API server's schema is checked, not ours.
  readonly [key: string]: any
}

/** Packages with the schemas of API groups that are not Kubernetes' own. */
const PACKAGES: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
}

/**
 * Checks an object against the schema of its kind: required fields and their values.
 *
 * @throws Error with what the Kubernetes API would reject; when the kind is unknown.
 */
export async function validateObject(object: KubernetesObject): Promise<void> {
  const models = await import(moduleOf(object))
  new models[object.kind](object).validate()
}

/**
 * Finds the fields that are unknown to the Kubernetes API, which would drop them or reject the object.
 *
 * @returns What the compiler says about objects whose types have no such field; empty if there are none.
 */
export function findUnknownFields(objects: readonly KubernetesObject[]): string {
  const folder = `${ROOT}node_modules/.cache/kubernetes-${process.pid}/`
  const lines = objects.map((object, index) => {
    const { kind } = object
    return `import type { I${kind} as Type${index} } from '${moduleOf(object)}'
      export const object${index}: Type${index} = ${JSON.stringify(object)}`
  })
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}check.ts`, lines.join('\n'))
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig']
  const compiler = `${ROOT}node_modules/typescript/bin/tsc`
  const { stdout } = spawnSync(process.execPath, [compiler, ...options, `${folder}check.ts`], {
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  return stdout
}

function moduleOf({ apiVersion }: KubernetesObject): string {
  const [group = ''] = apiVersion.split('/')
  const models = PACKAGES[group]
  return models === undefined ? `kubernetes-models/${apiVersion}` : `${models}/${apiVersion}`
}

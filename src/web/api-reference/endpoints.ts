import type { ApiVersion, OpenApi, Operation } from '../../http/openapi.ts'
import { curlOf } from './example.ts'
import { nameOf, type Schema } from './fields.ts'

/** An operation as the page shows it. */
export interface Endpoint {
  readonly operation: Operation
  /** Its methods with each of its paths. */
  readonly calls: readonly string[]
  readonly accountRequired: boolean
  /** The schema of its parameters. */
  readonly parameters: Schema | undefined
  /** A command line that calls it. */
  readonly example: string
}

/** Where the operations of a version are found. */
interface Addresses {
  readonly version: ApiVersion
  /** The public address of the site. */
  readonly publicUrl: string
  /** The base path of the site. */
  readonly base: string
}

const GUEST = '/guest'

/**
 * Lists the operations of a version: one that has several methods once, and a path below `/guest` with the one that it
 * repeats.
 */
export function endpointsOf({ paths, components }: OpenApi, addresses: Addresses): Endpoint[] {
  const { version, publicUrl, base } = addresses
  return Object.entries(paths).flatMap(([path, methods]) => {
    if (path.startsWith(`${GUEST}/`) && path.slice(GUEST.length) in paths) return []
    const guestMethods = paths[GUEST + path] ?? {}
    return operationsOf(methods).map(([names, operation]): Endpoint => {
      const [method = ''] = names
      const name = names.map((each) => each.toUpperCase()).join(' or ')
      const guest = method in guestMethods ? [`${name} ${base}/api/${version}${GUEST}${path}`] : []
      const accountRequired = isAccountRequired(operation)
      const [content] = Object.values(operation.requestBody?.content ?? {})
      return {
        operation,
        calls: [`${name} ${base}/api/${version}${path}`, ...guest],
        accountRequired,
        parameters: content && components.schemas[nameOf(content.schema)],
        example: curlOf({
          method: method.toUpperCase(),
          url: `${publicUrl}/api/${version}${path}`,
          accountRequired,
          parameters: content?.example,
          encoding: version === 'v1' ? 'form' : 'json',
        }),
      }
    })
  })
}

function operationsOf(methods: Readonly<Record<string, Operation>>): (readonly [string[], Operation])[] {
  const bySummary = new Map<string, readonly [string[], Operation]>()
  for (const [method, operation] of Object.entries(methods)) {
    const known = bySummary.get(operation.summary)
    if (known === undefined) bySummary.set(operation.summary, [[method], operation])
    else known[0].push(method)
  }
  return [...bySummary.values()]
}

function isAccountRequired({ security }: Operation): boolean {
  return security.length > 0 && security.every((scheme) => Object.keys(scheme).length > 0)
}

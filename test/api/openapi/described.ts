import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { API_VERSIONS, type ApiVersion, openApi } from '../../../src/http/openapi.ts'

/** A response as a test received it. */
interface Received {
  readonly version: ApiVersion
  readonly method: string
  /** Below `/api/` and the version. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Where a document describes a response. */
interface Described {
  readonly operation: string
  /** A JSON pointer into the document. */
  readonly pointer: string
  readonly headers: readonly string[]
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
// @ts-expect-error: its types are those of a CommonJS module.
addFormats(ajv)
for (const version of API_VERSIONS) ajv.addSchema({ $id: idOf(version), ...openApi[version] })

/** The paths of each document, the more literal ones first. */
const TEMPLATES = Object.fromEntries(
  API_VERSIONS.map((version) => [
    version,
    Object.keys(openApi[version].paths)
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .map((template) => ({ template, pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`) })),
  ]),
) as Record<ApiVersion, { readonly template: string; readonly pattern: RegExp }[]>

/**
 * Checks a response against the document of its version.
 *
 * @returns The operation and the status; undefined when the document has no such operation, as of an unknown path.
 */
export function expectDescribed(received: Received): string | undefined {
  const { version, method, path, status, headers, body } = received
  const found = locate(received)
  if (found === undefined) return undefined
  const call = `${version} ${method} ${path} ${status} ${JSON.stringify(body)}`
  // Compiled once: `validate` with a new object would compile it for each response.
  const validate = ajv.getSchema(`${idOf(version)}#${found.pointer}/content/application~1json/schema`)
  if (validate === undefined) throw new Error(`${call} is described without a schema`)
  const valid = validate(body)
  expect(validate.errors, call).toBeNull()
  expect(valid).toBe(true)
  const missing = found.headers.filter((header) => !headers.has(header))
  expect(missing, call).toEqual([])
  return `${found.operation} ${status}`
}

function locate({ version, method, path, status }: Received): Described | undefined {
  const { paths, components } = openApi[version]
  const template = templateOf(version, canonical(path))
  const operation = template === undefined ? undefined : paths[template]?.[method.toLowerCase()]
  if (template === undefined || operation === undefined) return undefined
  const described = operation.responses[status]
  if (described === undefined)
    throw new Error(`${version} ${method} ${template} with ${status} is not in the document`)
  const escaped = template.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')
  const pointer =
    '$ref' in described
      ? described.$ref.slice(1)
      : `/paths/${escaped}/${method.toLowerCase()}/responses/${status}`
  const response = '$ref' in described ? components.responses[pointer.split('/').at(-1) ?? ''] : described
  return { operation: operation.operationId, pointer, headers: Object.keys(response?.headers ?? {}) }
}

/** Returns the path in the document that a path stands for, by itself or as an alias. */
function templateOf(version: ApiVersion, path: string): string | undefined {
  const matching = (wanted: string) =>
    TEMPLATES[version].find(({ pattern }) => pattern.test(wanted))?.template
  return matching(path) ?? matching(aliased(version, path))
}

function aliased(version: ApiVersion, path: string): string {
  if (version === 'v2') return path.replace(/^\/private\//, '/receipt/')
  if (version === 'v3') return path
  return path.replace(/^\/metadata\//, '/private/')
}

function canonical(path: string): string {
  return path
    .replace(/\?.*/s, '')
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
}

function idOf(version: ApiVersion): string {
  return `https://example.com/${version}/openapi.json`
}

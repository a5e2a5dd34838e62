import { readFileSync } from 'node:fs'
import type { OpenAPIV3_1 as V3_1 } from 'openapi-types'

/** The versions of the API. */
export const API_VERSIONS = ['v1', 'v2', 'v3'] as const
/** A version of the API. */
export type ApiVersion = (typeof API_VERSIONS)[number]

/** The parameters of an operation in one content type. */
interface Content {
  readonly schema: V3_1.ReferenceObject
  readonly example: object
}

/** One method of one path. What operations share is in the components of the document. */
export interface Operation extends Omit<V3_1.OperationObject, 'requestBody'> {
  readonly operationId: string
  readonly summary: string
  readonly security: V3_1.SecurityRequirementObject[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, Content>>
  }
  readonly responses: Record<string, V3_1.ResponseObject | V3_1.ReferenceObject>
}

/** An OpenAPI 3.1 document, with the parts that `npm run docs` always writes. */
export interface OpenApi extends Omit<V3_1.Document, 'info' | 'paths' | 'components'> {
  readonly info: V3_1.InfoObject & { readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, V3_1.SchemaObject>>
    readonly responses: Readonly<Record<string, V3_1.ResponseObject>>
  }
}

/** The OpenAPI document of each version, generated from the schemas of its routes by `npm run docs`. */
export const openApi: Readonly<Record<ApiVersion, OpenApi>> = {
  get v1() {
    return read('v1')
  },
  get v2() {
    return read('v2')
  },
  get v3() {
    return read('v3')
  },
}

const documents = new Map<ApiVersion, OpenApi>()

// Most servers are never asked for them.
function read(version: ApiVersion): OpenApi {
  const known = documents.get(version)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`./openapi/${version}.json`, import.meta.url), 'utf8')
  const document: OpenApi = JSON.parse(text)
  documents.set(version, document)
  return document
}

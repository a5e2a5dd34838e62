import { readFileSync } from 'node:fs'

/** A JSON schema, as far as the page about the API shows it. */
export interface Schema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>
  readonly required?: readonly string[]
}

interface Reference {
  readonly $ref: string
}

/** One method of one path. */
export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly security: readonly object[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Reference }>> }
  readonly responses: Readonly<Record<string, { readonly description: string } | Reference>>
}

/** An OpenAPI 3.1 document, as far as the page about the API shows it. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, { readonly description: string }>>
  }
}

/** What describes the v1 API; `npm run docs` makes it from the schemas of the routes. */
export const openApi: OpenApi = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'))

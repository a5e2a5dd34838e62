import type { OpenApi } from '../../http/openapi.ts'
import { type Field, fieldsOf } from './fields.ts'

/** An object that responses refer to by name. */
export interface WireObject {
  readonly name: string
  /** The name of another object whose fields it has all; undefined if there is none. */
  readonly contained: string | undefined
  /** The other fields. */
  readonly fields: readonly Field[]
}

/** Lists the objects in the components of a document, each described by the largest one that it contains. */
export function wireObjectsOf({ schemas }: OpenApi['components']): WireObject[] {
  const all = Object.entries(schemas)
    .filter(([name]) => !name.endsWith('Request'))
    .map(([name, schema]) => ({ name, fields: fieldsOf(schema) }))
  return all.map(({ name, fields }) => {
    const [contained] = all
      .filter(
        (other) => other.fields.length < fields.length && other.fields.every((field) => has(fields, field)),
      )
      .sort((a, b) => b.fields.length - a.fields.length)
    const more = fields.filter((field) => contained === undefined || !has(contained.fields, field))
    return { name, contained: contained?.name, fields: more }
  })
}

function has(fields: readonly Field[], { name, type }: Field): boolean {
  return fields.some((field) => field.name === name && field.type === type)
}

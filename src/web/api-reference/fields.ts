import type { OpenAPIV3_1 as V3_1 } from 'openapi-types'

/** One field of an object or one parameter. */
export interface Field {
  /** With the names of the objects around it: `record.state`. */
  readonly name: string
  /** In words; the name of an object in the components. */
  readonly type: string
  readonly description: string
  readonly required: boolean
}

/** A schema as the OpenAPI documents have it. */
export type Schema = V3_1.SchemaObject | V3_1.ReferenceObject

/** Lists the fields of an object, and those of the objects in it that have no name of their own. */
export function fieldsOf(schema: Schema, prefix = ''): Field[] {
  if ('$ref' in schema || schema.properties === undefined) return []
  const { properties, required = [] } = schema
  return Object.entries(properties).flatMap(([key, value]) => {
    const name = prefix + key
    const { description = '' } = value
    const inner = fieldsOf(value, `${name}.`)
    const own = { name, type: typeOf(value), description, required: required.includes(key) }
    return inner.length > 0 && description === '' ? inner : [own, ...inner]
  })
}

/** Returns the type of a value in words. */
export function typeOf(schema: Schema): string {
  if ('$ref' in schema) return nameOf(schema)
  if (schema.enum !== undefined) return schema.enum.join(' | ')
  if ('items' in schema && schema.items !== undefined) {
    const isNullable = Array.isArray(schema.type)
    return `array of ${typeOf(schema.items)}${isNullable ? ' | null' : ''}`
  }
  const { minimum, maximum, default: preset } = schema
  const range = minimum === undefined || maximum === undefined ? '' : ` ${minimum} to ${maximum}`
  return [schema.type].flat().join(' | ') + range + (preset === undefined ? '' : `, default ${preset}`)
}

/** Returns the name of the component that is referred to. */
export function nameOf({ $ref }: V3_1.ReferenceObject): string {
  return $ref.slice($ref.lastIndexOf('/') + 1)
}

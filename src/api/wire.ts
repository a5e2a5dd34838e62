import type { Static } from 'typebox'

/** The type of a wire object, of what is sent by its schema. An optional field may also be undefined, which omits it. */
export type Wire<Schema> = Sendable<Static<Schema & object>>

type Sendable<Value> = Value extends readonly (infer Item)[]
  ? readonly Sendable<Item>[]
  : Value extends object
    ? {
        readonly [Key in keyof Value]: Record<never, never> extends Pick<Value, Key>
          ? Sendable<Value[Key]> | undefined
          : Sendable<Value[Key]>
      }
    : Value

/** The schema of a text. */
export const text = { type: 'string' } as const
/** The schema of a whole number. */
export const whole = { type: 'integer' } as const
/** The schema of a truth value. */
export const flag = { type: 'boolean' } as const
/** The schema of null, for what Emberlink does not have. */
export const nothing = { type: 'null' } as const
/** The schema of a text or null. */
export const textOrNull = { type: ['string', 'null'] } as const
/** The schema of a whole number or null. */
export const wholeOrNull = { type: ['integer', 'null'] } as const

/** Returns the schema of a list. */
export function list<const Items extends object>(items: Items) {
  return { type: 'array', items } as const
}

/** Returns a schema with a description for the OpenAPI document. */
export function described<const Schema extends object>(schema: Schema, description: string) {
  return { ...schema, description }
}

/**
 * Builds the schema of a wire object. It serialises a response, so that a field missing here never leaves the server.
 *
 * @param required The fields that are always sent.
 */
export function object<
  const Properties extends Readonly<Record<string, object>>,
  const Required extends readonly (keyof Properties)[],
>(properties: Properties, required: Required) {
  return { type: 'object', properties, required, additionalProperties: false } as const
}

/** Builds the schema of a wire object whose fields are always sent. */
export function complete<const Properties extends Readonly<Record<string, object>>>(properties: Properties) {
  // To the type of a wire object, a list of all names is as good as their union.
  const required = Object.keys(properties) as unknown as readonly [keyof Properties]
  return object(properties, required)
}

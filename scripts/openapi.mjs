// Generates the OpenAPI document of a version of the API from the schemas of its routes.
import { readFileSync } from 'node:fs'
import swagger from '@fastify/swagger'
import Fastify from 'fastify'

const { license } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const BODIES =
  'Send parameters in a body of any listed content type, in the query string, or in both; the body takes precedence.'

const NESTED = `${BODIES} The parameters of a creation are nested under \`secret\`. A body with no content type, or with another one, is parsed as JSON if it begins with \`{\` or \`[\`, and as urlencoded otherwise. Each error has its own status; \`error\` describes it and \`error_type\` names its kind.`

const FAILURES = {
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'EmailFailed',
  503: 'Unavailable',
}

const ERRORS = {
  ...FAILURES,
  400: 'Malformed',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  422: 'Invalid',
}

/** The description of each version, and the names of the responses that its operations share. */
const VERSIONS = {
  v1: {
    description: `The Onetime Secret v1 REST API for one-time secrets. ${BODIES} A body with no content type, or with another one, is parsed as urlencoded. v1 responds to every client error with 404.`,
    shared: { ...FAILURES, 404: 'Rejected' },
  },
  v2: {
    description: `The Onetime Secret v2 REST API for one-time secrets. ${NESTED} Paths below \`/guest\` ignore credentials.`,
    shared: ERRORS,
  },
  v3: {
    description: `The Onetime Secret v3 REST API for one-time secrets. ${NESTED} Paths below \`/guest\`, \`/secret/{secretKey}/status\` and \`/secret/status\` ignore credentials.`,
    shared: ERRORS,
  },
}

/**
 * Returns the OpenAPI document of a version.
 *
 * @param plugins The plugin that adds the routes, preceded by its dependencies.
 */
export async function describeApi(version, plugins) {
  const { description, shared } = VERSIONS[version]
  const app = Fastify()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Emberlink',
        // The version of the API. Only the operator may see the server's.
        version: version.slice(1),
        license: { name: license, identifier: license },
        description,
      },
      components: {
        securitySchemes: {
          account: {
            type: 'http',
            scheme: 'basic',
            description: "An account's email address and API token.",
          },
        },
      },
    },
  })
  // Registering the routes reads only this part of their context.
  const context = { policy: { secretMaxBytes: 10_000 }, secrets: {} }
  for (const plugin of plugins) await app.register(plugin, { context, version })
  await app.ready()
  const document = JSON.parse(JSON.stringify(app.swagger()))
  await app.close()

  // Relative to the document, so that it holds under any base path.
  document.servers = [{ url: `../${version}` }]
  const components = { ...document.components, schemas: {}, responses: {} }
  for (const [path, operations] of Object.entries(document.paths)) {
    delete operations.head
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId = method + camelCase(path)
      tidy(operation, components, shared)
    }
  }
  return { ...document, components }
}

// `/private/{key}/burn` becomes PrivateKeyBurn.
function camelCase(path) {
  return path.replace(/[^a-zA-Z]+([a-z]?)/g, (_, letter) => letter.toUpperCase())
}

/** Moves what operations and content types share to the components. */
function tidy({ operationId, requestBody, responses }, { schemas, responses: reused }, shared) {
  if (requestBody !== undefined) {
    delete requestBody.required
    const name = `${operationId}Request`
    for (const content of Object.values(requestBody.content)) {
      schemas[name] = content.schema
      content.schema = { $ref: `#/components/schemas/${name}` }
    }
  }
  for (const [status, response] of Object.entries(responses)) {
    const content = response.content['application/json']
    delete content.schema.description
    content.schema = withoutTitled(content.schema, schemas)
    const name = shared[status]
    if (name === undefined) continue
    reused[name] = response
    responses[status] = { $ref: `#/components/responses/${name}` }
  }
}

/** Moves the schemas that have a title to the components. */
function withoutTitled(schema, schemas) {
  if (Array.isArray(schema)) return schema.map((each) => withoutTitled(each, schemas))
  if (typeof schema !== 'object' || schema === null) return schema
  const { title, ...rest } = schema
  const moved = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, withoutTitled(value, schemas)]),
  )
  if (typeof title !== 'string')
    return title === undefined ? moved : { title: withoutTitled(title, schemas), ...moved }
  schemas[title] = moved
  return { $ref: `#/components/schemas/${title}` }
}

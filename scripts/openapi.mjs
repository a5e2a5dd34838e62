// Generates the OpenAPI document of the v1 API from the schemas of its routes.
import { readFileSync } from 'node:fs'
import swagger from '@fastify/swagger'
import Fastify from 'fastify'

const { license } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const SHARED_RESPONSES = {
  404: 'Rejected',
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'EmailFailed',
  503: 'Unavailable',
}

/**
 * Returns the document.
 *
 * @param plugins The plugin that adds the routes, and before it those that it depends on.
 */
export async function describeApi(plugins) {
  const app = Fastify()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Emberlink',
        // That of the API. The version of the server is for its operator alone.
        version: '1',
        license: { name: license, identifier: license },
        description:
          'One-time secrets by the Onetime Secret v1 REST API. Parameters are sent in a body of any of the listed types, in the query string, or in both, in which case the body wins; a body without a type or of another type is parsed as urlencoded. v1 answers each client error with 404.',
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
  // Adding routes needs nothing of the context but the maximum size of a secret.
  const context = { policy: { secretMaxBytes: 10_000 } }
  for (const plugin of plugins) await app.register(plugin, { context })
  await app.ready()
  const document = JSON.parse(JSON.stringify(app.swagger()))
  await app.close()

  // Relative to the document itself, wherever the server is mounted.
  document.servers = [{ url: '../v1' }]
  const components = { ...document.components, schemas: {}, responses: {} }
  for (const [path, operations] of Object.entries(document.paths)) {
    delete operations.head
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId = method + camelCase(path)
      tidy(operation, components)
    }
  }
  return { ...document, components }
}

// `/private/{key}/burn` becomes PrivateKeyBurn.
function camelCase(path) {
  return path.replace(/[^a-z]+([a-z]?)/g, (_, letter) => letter.toUpperCase())
}

/** Says once what many operations, or many types of a body, have in common. */
function tidy({ operationId, requestBody, responses }, { schemas, responses: reused }) {
  if (requestBody !== undefined) {
    delete requestBody.required
    const name = `${operationId}Request`
    for (const content of Object.values(requestBody.content)) {
      schemas[name] = content.schema
      content.schema = { $ref: `#/components/schemas/${name}` }
    }
  }
  for (const [status, response] of Object.entries(responses)) {
    delete response.content['application/json'].schema.description
    const name = SHARED_RESPONSES[status]
    if (name === undefined) continue
    reused[name] = response
    responses[status] = { $ref: `#/components/responses/${name}` }
  }
}

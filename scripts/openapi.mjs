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
 * Returns the OpenAPI document.
 *
 * @param plugins The plugin that adds the routes, preceded by its dependencies.
 */
export async function describeApi(plugins) {
  const app = Fastify()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Emberlink',
        // The version of the API. Only the operator may see the server's.
        version: '1',
        license: { name: license, identifier: license },
        description:
          'The Onetime Secret v1 REST API for one-time secrets. Send parameters in a body of any listed content type, in the query string, or in both; the body takes precedence. A body with no content type, or with another one, is parsed as urlencoded. v1 responds to every client error with 404.',
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
  const context = { policy: { secretMaxBytes: 10_000 } }
  for (const plugin of plugins) await app.register(plugin, { context })
  await app.ready()
  const document = JSON.parse(JSON.stringify(app.swagger()))
  await app.close()

  // Relative to the document, so that it holds under any base path.
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

/** Moves what operations and content types share to the components. */
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

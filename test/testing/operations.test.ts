import { expect, it } from 'vitest'
import { OPERATIONS, operationOf } from '../../src/testing/operations.ts'
import { collectRoutes } from '../support/routes.ts'

it('names what each route does, in every version and on the pages', async () => {
  const { app, routes } = await collectRoutes()
  await app.close()
  const named = routes.flatMap(({ method, url, config }) =>
    [method].flat().map((verb) => ({ route: `${verb} ${url}`, operation: operationOf(verb, url), config })),
  )
  const routesOf = (operation: string) =>
    named.filter((route) => route.operation === operation).map(({ route }) => route)

  const operations = (limit: string) =>
    new Set(named.filter(({ config }) => config?.rateLimit === limit).map(({ operation }) => operation))
  expect(operations('create')).toEqual(new Set(['create']))
  expect(operations('reveal')).toEqual(new Set(['reveal', 'burn', 'receipt']))
  expect(operations('receipt')).toEqual(new Set(['receipt', 'recent']))
  expect(operations('sign-in')).toEqual(new Set(['account']))

  expect(routesOf('create').filter((route) => !route.startsWith('POST '))).toEqual([])
  expect(routesOf('reveal').filter((route) => !/^POST .*\/secret\/:\w+(\/reveal)?$/.test(route))).toEqual([])
  expect(routesOf('burn').filter((route) => !/^POST .*\/burn$/.test(route))).toEqual([])
  expect(routesOf('look')).toContain('GET /api/v2/secret/:secretKey/status')
  expect(routesOf('look')).toContain('GET /secret/:key')
  expect(routesOf('status')).toContain('GET /api/v1/authcheck')
  const pages = /^(GET|HEAD|POST) (\/|\/draft|\/api|\/recent\/burn)$/
  const rest = /^OPTIONS |\/health\/|openapi\.json$|\/assets\/|\/favicon|\/apple-touch|\/site\.webmanifest/
  expect(routesOf('other').filter((route) => !pages.test(route) && !rest.test(route))).toEqual([])
  for (const operation of OPERATIONS) expect(routesOf(operation), operation).not.toEqual([])
})

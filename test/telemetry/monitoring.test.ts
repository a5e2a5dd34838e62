import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { api, basic } from '../api/client.ts'
import { REJECTED, startMetered } from './metered.ts'

const OURS = /\b(?:emberlink|process|nodejs)_[a-z0-9_]+/g
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** One rule of alerts.yml. */
interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string }
}

describe('docker/monitoring', () => {
  let page: string
  let served: Set<string>
  beforeEach(async () => {
    const server = await startMetered()
    const { body } = await api(server, basic()).post('/share', { secret: 'x', recipient: REJECTED })
    await api(server).post(`/secret/${body.secret_key}`)
    page = await server.page()
    served = new Set(page.match(OURS))
  })

  it('alerts on metrics that are served, each with a severity and a summary', () => {
    const [{ rules }] = parse(read('docker/monitoring/alerts.yml')).groups as [{ rules: Rule[] }]
    expect(rules.length).toBeGreaterThan(5)
    for (const { alert, expr, labels, annotations } of rules) {
      expect(unknownIn(expr), alert).toEqual([])
      expect(labels.severity).toMatch(/^(critical|warning)$/)
      expect(annotations.summary.length).toBeGreaterThan(10)
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })

  it('shows metrics that are served, by labels that they have', () => {
    const { panels } = JSON.parse(read('docker/monitoring/dashboard.json')) as {
      panels: { title: string; targets: { expr: string }[] }[]
    }
    for (const { title, targets } of panels) {
      expect(targets.length, title).toBeGreaterThan(0)
      for (const { expr } of targets) {
        expect(unknownIn(expr), title).toEqual([])
        const labels = [...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, names = '']) => names.split(/, ?/))
        for (const label of labels) expect(page, title).toContain(`${label}="`)
      }
    }
  })

  it('docs/observe.md documents each of our metrics, and no other', () => {
    const families = [...page.matchAll(/^# TYPE (emberlink_\w+)/gm)].map(([, name]) => name)
    const named = new Set(read('docs/observe.md').match(/\bemberlink_[a-z0-9_]+/g))
    expect([...named].sort()).toEqual(families.sort())
  })

  function unknownIn(expression: string): string[] {
    return (expression.match(OURS) ?? []).filter((name) => !served.has(name))
  }
})

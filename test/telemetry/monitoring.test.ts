import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { api, basic } from '../api/client.ts'
import { fetchPrograms } from '../support/debian.ts'
import { REJECTED, startMetered } from './metered.ts'

const OURS = /\b(?:emberlink|process|nodejs)_[a-z0-9_]+/g
const ALERTS = fileURLToPath(new URL('../../docker/monitoring/alerts.yml', import.meta.url))
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

  describe('checked by promtool', () => {
    const folder = mkdtempSync(`${tmpdir()}/emberlink-promtool-`)
    let promtool: string
    beforeAll(async () => {
      promtool = spawnSync('promtool', ['--version']).status === 0 ? 'promtool' : await fetchedPromtool()
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    it('has rules and queries that Prometheus can evaluate, and metrics that follow its rules', () => {
      const queries = `${folder}/queries.yml`
      const { panels } = JSON.parse(read('docker/monitoring/dashboard.json')) as {
        panels: { targets: { expr: string }[] }[]
      }
      const rules = panels
        .flatMap(({ targets }) => targets)
        .map(({ expr }, index) => ({ record: `panel:${index}`, expr }))
      expect(rules.length).toBeGreaterThan(10)
      writeFileSync(queries, stringify({ groups: [{ name: 'dashboard', rules }] }))
      expect(
        execFileSync(promtool, ['check', 'rules', '--lint-fatal', ALERTS, queries], { encoding: 'utf8' }),
      ).toMatch(/SUCCESS/)
      const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
        input: page,
        encoding: 'utf8',
      })
      const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('emberlink_'))
      expect(status).not.toBe(1)
      expect(ours).toEqual([])
    })

    it('has a configuration of Prometheus that loads the alerts', () => {
      const config = fileURLToPath(new URL('../../docker/monitoring/prometheus.yml', import.meta.url))
      const printed = execFileSync(promtool, ['check', 'config', config], { encoding: 'utf8' })
      expect(printed).toMatch(/SUCCESS: 1 rule files found[\s\S]*SUCCESS: \d+ rules found/)
      expect(parse(read('docker/monitoring/prometheus.yml')).scrape_configs).toMatchObject([
        { job_name: 'emberlink', dns_sd_configs: [{ names: ['emberlink'], port: 9090 }] },
      ])
    })

    it('raises its alerts at what they are about, and none at an idle server', () => {
      const instance = 'secrets:9090'
      const idle = [
        'emberlink_store_up 1',
        'emberlink_store_writable 1',
        'emberlink_clock_skew_seconds NaN',
        'emberlink_last_backup_timestamp_seconds NaN',
        'emberlink_argon2_waiting 0',
      ]
      const cases: readonly (readonly [alert: string, at: string, series: string, values: string])[] = [
        ['EmberlinkDown', '10m', 'up{job="emberlink"}', '0x60'],
        ['EmberlinkStoreDown', '10m', 'emberlink_store_up', '0x60'],
        ['EmberlinkClockSkew', '10m', 'emberlink_clock_skew_seconds', '-3x60'],
        ['EmberlinkSecretsLost', '10m', 'emberlink_secrets_total{event="orphaned"}', '0 0 1x60'],
        ['EmberlinkTokensGuessed', '20m', 'emberlink_authentication_failures_total{way="v1"}', '0+20x60'],
        ['EmberlinkRateLimited', '20m', 'emberlink_rate_limited_total{limit="create"}', '0+200x60'],
      ]
      const series = (name: string, values: string) => {
        const [metric = '', labels = ''] = name.split(/[{}]/)
        const all = [labels, `instance="${instance}"`].filter((part) => part !== '')
        return { series: `${metric}{${all.join()}}`, values }
      }
      const quiet = idle.map((line) => line.split(' ') as [string, string])
      const tests = [
        {
          interval: '1m',
          input_series: quiet.map(([name, value]) =>
            series(name, Array.from({ length: 31 }, () => value).join(' ')),
          ),
          alert_rule_test: cases.map(([alertname]) => ({ alertname, eval_time: '30m', exp_alerts: [] })),
        },
        ...cases.map(([alertname, eval_time, name, values]) => ({
          interval: '1m',
          input_series: [series(name, values)],
          promql_expr_test: [
            {
              expr: `count(ALERTS{alertname="${alertname}",alertstate="firing"})`,
              eval_time,
              exp_samples: [{ labels: '{}', value: 1 }],
            },
          ],
        })),
      ]
      expectSuccess('1m', tests)
    })

    it('asks for backups of the embedded store that holds secrets, and of no other', () => {
      const hours = (count: number, value: string) => Array.from({ length: count }, () => value).join(' ')
      // From the hour of the first value on. Time begins at 0 there.
      const cases: readonly (readonly [at: string, unread: string, lastBackup: string, alert?: string])[] = [
        // Never, and secrets waited some hours ago.
        ['30h', '0x9 3 0x40', '0x50', 'EmberlinkBackupMissing'],
        ['23h', '3x50', '0x50'],
        ['60h', '0x70', '0x70'],
        // A new server.
        ['30h', '3x50', `${hours(20, '_')} 0x30`],
        // Redis.
        ['80h', '3x90', hours(90, 'NaN')],
        ['40h', '3x50', '0x30 108000x20'],
        ['80h', '3x90', '108000x90', 'EmberlinkBackupOld'],
      ]
      const tests = cases.map(([eval_time, unread, lastBackup, alertname]) => ({
        interval: '1h',
        input_series: [
          { series: 'emberlink_unread_secrets{instance="secrets:9090"}', values: unread },
          { series: 'emberlink_last_backup_timestamp_seconds{instance="secrets:9090"}', values: lastBackup },
        ],
        promql_expr_test: [
          {
            expr: 'count by (alertname) (ALERTS{alertname=~"EmberlinkBackup.*"})',
            eval_time,
            exp_samples: alertname === undefined ? [] : [{ labels: `{alertname="${alertname}"}`, value: 1 }],
          },
        ],
      }))
      expectSuccess('1h', tests)
    })

    function expectSuccess(evaluation_interval: string, tests: readonly object[]): void {
      const file = `${folder}/tests.yml`
      writeFileSync(file, stringify({ rule_files: [ALERTS], evaluation_interval, tests }))
      const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', file], { encoding: 'utf8' })
      expect({ status, output: stdout + stderr }).toEqual({
        status: 0,
        output: expect.stringMatching(/SUCCESS/),
      })
    }
  })

  function unknownIn(expression: string): string[] {
    return (expression.match(OURS) ?? []).filter((name) => !served.has(name))
  }
})

async function fetchedPromtool(): Promise<string> {
  const { bin } = await fetchPrograms('prometheus', ['prometheus'])
  return `${bin}promtool`
}

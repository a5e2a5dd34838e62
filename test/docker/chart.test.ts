import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { chartFiles } from '../../scripts/chart.mjs'
import { type Config, loadConfig } from '../../src/config/load.ts'
import { type Setting, settings } from '../../src/config/settings.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { fetchHelm } from '../support/helm.ts'
import { freePort, launchRedis } from '../support/redis-process.ts'
import {
  CHART,
  environmentOf,
  find,
  installed,
  podsOf,
  readChart,
  render,
  startCluster,
  textsOf,
} from './chart.ts'
import { ROOT } from './compose.ts'
import { findUnknownFields, type KubernetesObject, validateObject } from './kubernetes-types.ts'
import { redisCli } from './redis-cli.ts'

const VALUES = readdirSync(`${CHART}/ci`)
const ROOT_KEY = 'f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** The Secret that ci/external-values.yaml names. */
const EXISTING = {
  root_key: ROOT_KEY,
  redis_url: 'rediss://emberlink:word@redis.example.com',
  smtp_url: 'smtps://mailer:word@mail.example.com',
}

describe('docker/helm/emberlink', () => {
  let helm: string
  let helm3: string
  const charts = new Map<string, KubernetesObject[]>()
  const chart = (name: string) => charts.get(`${name}-values.yaml`) ?? []

  beforeAll(async () => {
    helm = await fetchHelm(4)
    helm3 = await fetchHelm(3)
    for (const values of VALUES) charts.set(values, await render(helm, values))
  })

  /** Returns what Helm says about values that it rejects. */
  function rejection(values: string, ...changes: string[]): string {
    const args = changes.flatMap((change) => ['--set', change])
    const { status, stderr } = spawnSync(
      helm,
      ['template', 'ember', CHART, '--values', `${CHART}/ci/${values}`, ...args],
      { encoding: 'utf8' },
    )
    expect(status).not.toBe(0)
    return stderr
  }

  /** Returns the settings that the server reads from its variables and files. */
  function configOf(objects: readonly KubernetesObject[]): Config {
    const [container] = find(objects, 'Deployment')['spec'].template.spec.containers
    const secrets = objects.filter(({ kind }) => kind === 'Secret').map(textsOf)
    const files: Record<string, string> = Object.assign({}, EXISTING, ...secrets)
    return loadConfig(environmentOf(container), (path) => files[path.replace('/secrets/', '')] ?? 'a logo')
  }

  it('passes `helm lint --strict` of Helm 3 and 4 with each file of values', () => {
    const files = VALUES.map((name) => ['--values', `${CHART}/ci/${name}`])
    expect(files.length).toBeGreaterThan(2)
    for (const program of [helm3, helm]) {
      for (const values of [[], ...files]) {
        const { status, stdout } = spawnSync(program, ['lint', '--strict', CHART, ...values], {
          encoding: 'utf8',
        })
        expect({ status, stdout }).toEqual({
          status: 0,
          stdout: expect.stringContaining('0 chart(s) failed'),
        })
      }
    }
  })

  it('renders the same with Helm 3 as with Helm 4', async () => {
    expect(await render(helm3, 'external-values.yaml')).toEqual(chart('external'))
  })

  it('has the settings of the table, and the Redis configuration of the Compose files: `npm run docs` writes both', () => {
    for (const [path, text] of Object.entries(chartFiles(Object.values<Setting>(settings)))) {
      const file = readFileSync(path, 'utf8')
      if (path.endsWith('.json')) expect(JSON.parse(file)).toEqual(JSON.parse(text))
      else expect(file).toBe(text)
    }
  })

  it('has objects that the Kubernetes API accepts, without fields that are unknown to it', async () => {
    const objects = [...charts.values()].flat()
    for (const object of objects) await expect(validateObject(object)).resolves.toBeUndefined()
    expect(findUnknownFields(objects)).toBe('')
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(
      new Set([
        ...['Deployment', 'Service', 'Secret', 'ConfigMap', 'StatefulSet', 'PersistentVolumeClaim', 'Pod'],
        ...['PodDisruptionBudget', 'HorizontalPodAutoscaler', 'NetworkPolicy', 'ServiceMonitor'],
        ...['Ingress', 'HTTPRoute'],
      ]),
    )
  })

  it('rejects unknown and malformed values, and says what each may be', () => {
    const message = rejection(
      'openshift-values.yaml',
      ...['settings.TTL_DEFUALT=60', 'settings.PORT=80', 'settings.REDIS_URL=redis://redis'],
      ...['settings.TTL_DEFAULT=week', 'settings.TTL_MAX_ACCOUNT=5', 'settings.WORKERS=100'],
      ...['settings.LOG_LEVEL=verbose', 'settings.ANONYMOUS_CREATE=yes', 'settings.RATE_LIMIT=true'],
      ...['settings.SITE_ACCENT=red', 'settings.SITE_NAME=42', 'settings.TRUST_PROXY=17'],
      ...['secrets.values.REDIS_PASSWORD=x', 'image.repositry=x', 'replicas=0', 'extraEnv[0].value=x'],
    )
    const [, names = ''] = /'\/settings': additional properties (.+) not allowed/.exec(message) ?? []
    expect(names.split(', ').sort()).toEqual(["'PORT'", "'REDIS_URL'", "'TTL_DEFUALT'"])
    for (const line of [
      "'/settings/TTL_DEFAULT': 'week' does not match",
      "'/settings/TTL_MAX_ACCOUNT': minimum: got 5, want 60",
      "'/settings/WORKERS': maximum: got 100, want 64",
      "'/settings/LOG_LEVEL': value must be one of 'fatal', 'error'",
      "'/settings/ANONYMOUS_CREATE': value must be one of 'on', true, 'off', false",
      "'/settings/RATE_LIMIT': value must be false",
      "'/settings/SITE_ACCENT': 'red' does not match",
      "'/settings/SITE_NAME': got number, want string",
      "'/settings/TRUST_PROXY': maximum: got 17, want 16",
      "'REDIS_PASSWORD' not allowed",
      "'repositry' not allowed",
      "'/replicas': minimum: got 0, want 1",
      "'/extraEnv/0': missing property 'name'",
    ])
      expect(message).toContain(line)
  })

  it.each([
    {
      values: 'openshift-values.yaml',
      changes: [
        ...['image.repository=', 'settings.PUBLIC_URL=', 'secrets.values.REDIS_URL=x', 'replicas=3'],
        ...['autoscaling.enabled=true', 'ingress.enabled=true', 'gateway.enabled=true'],
        ...['metrics.serviceMonitor.enabled=true', 'secrets.names={SMTP_URL}'],
        ...['store.redis.existingSecret=redis', 'disruptionBudget.minAvailable=2'],
      ],
      faults: [
        'image.repository: name the repository that you have pushed the image to',
        'hosts: name the public host, or set settings.PUBLIC_URL',
        'ingress.enabled: hosts must name at least one',
        'gateway.enabled: hosts must name at least one',
        'gateway.enabled: gateway.parentRefs must name a gateway',
        'secrets.names: secrets.existing must name the Secret that holds them',
        'secrets has REDIS_URL: store.kind must be external',
        'store.redis.existingSecret: is only for store.kind bundled; the secrets of the servers belong in secrets',
        'store.kind is embedded: it has one server, so autoscaling.enabled must be false',
        'store.kind is embedded: it has one server, so replicas must be 1 or left out',
        'disruptionBudget.minAvailable: must be below the number of servers, 1, or no node could be drained',
        'metrics.serviceMonitor.enabled needs metrics.enabled',
      ],
    },
    {
      values: 'bundled-values.yaml',
      changes: [
        ...['image.repository=registry.example.com/emberlink:1', 'settings.PUBLIC_URL=secrets.example.com'],
        'hosts={https://a.example,a.example/ots,A.example,a.example:8443}',
        ...['secrets.existing=mine', 'store.kind=external', 'metrics.port=3000', 'replicas=3'],
        ...['autoscaling.minReplicas=9', 'resources.requests.cpu=null'],
        ...[
          'PORT',
          'BIND',
          'METRICS',
          'ROOT_KEY_FILE',
          'REDIS_URL',
          'SMTP_URL',
          'TRUST_PROXY',
          'OTEL_SERVICE_NAME',
        ].map((name, index) => `extraEnv[${index}].name=${name}`),
      ],
      faults: [
        'image.repository: put the tag in image.tag, with a digest behind it if you like (TAG@sha256:...)',
        'settings.PUBLIC_URL: begin "secrets.example.com" with https://',
        ...['https://a.example', 'a.example/ots', 'A.example', 'a.example:8443'].map(
          (host) =>
            `hosts: "${host}" must be a host name in lower case, without https://, port and path; settings.PUBLIC_URL takes those`,
        ),
        'secrets.existing: secrets.names must list what it holds, such as ROOT_KEY',
        'store.kind is external: secrets needs REDIS_URL',
        'autoscaling.enabled: leave replicas out, and set autoscaling.minReplicas',
        'autoscaling.minReplicas: must not be above autoscaling.maxReplicas',
        'autoscaling.enabled: needs resources.requests.cpu, which it takes cpuPercent of',
        'metrics.port: 3000 is the port of the server; choose another',
        'extraEnv: the chart sets PORT; leave it out',
        'extraEnv: the chart sets BIND; use bind',
        'extraEnv: the chart sets METRICS; use metrics.enabled and metrics.port',
        'extraEnv: ROOT_KEY_FILE belongs in secrets',
        'extraEnv: REDIS_URL belongs in secrets',
        'extraEnv: SMTP_URL belongs in secrets',
        'extraEnv: TRUST_PROXY belongs in settings',
      ],
    },
    {
      values: 'external-values.yaml',
      changes: ['secrets.values.ROOT_KEY=x'],
      faults: ['secrets: ROOT_KEY is both in names and in values; leave one of them out'],
    },
  ])('rejects $values with changes that do not fit together, and names what mends each', (row) => {
    const lines = rejection(row.values, ...row.changes).split('\n')
    expect(lines.filter((line) => line.startsWith('- '))).toEqual(row.faults.map((fault) => `- ${fault}`))
  })

  it.each(VALUES)('gives the server settings that it accepts, with %s', (values) => {
    const config = configOf(charts.get(values) ?? [])
    const bind = values === 'external-values.yaml' ? '::' : '0.0.0.0'
    expect(config).toMatchObject({ bind, port: 3000, dataDir: '/data', warnings: [] })
    if (values !== 'openshift-values.yaml') expect(config.metrics).toEqual({ host: bind, port: 9090 })
    expect(config.rootKeys).toHaveLength(1)
  })

  it('accepts the values in docs/kubernetes.md', async () => {
    const page = readFileSync(`${ROOT}docs/kubernetes.md`, 'utf8')
    const examples = [...page.matchAll(/```yaml\n(.+?)```/gs)].map(([, text = '']) => text)
    expect(examples.length).toBeGreaterThan(2)
    const file = `${tmpdir()}/emberlink-values-${process.pid}.yaml`
    onTestFinished(() => rmSync(file))
    for (const example of examples) {
      writeFileSync(file, example)
      const objects = await render(helm, 'external-values.yaml', '--values', file)
      expect(objects).not.toEqual(chart('external'))
      expect(configOf(objects).warnings).toEqual([])
    }
  })

  it('writes the values of settings as the server reads them', () => {
    const [container] = find(chart('bundled'), 'Deployment')['spec'].template.spec.containers
    expect(environmentOf(container)['SITE_NOTICE']).toBe('Not a variable of Kubernetes - $(PUBLIC_URL), $$')
    expect(container.env).toEqual(
      expect.arrayContaining([
        { name: 'PUBLIC_URL', value: 'https://secrets.example.com' },
        { name: 'ANONYMOUS_CREATE', value: 'off' },
        { name: 'TTL_MAX_ACCOUNT', value: '31536000' },
        { name: 'METRICS', value: '0.0.0.0:9090' },
        { name: 'SMTP_URL_FILE', value: '/secrets/smtp_url' },
      ]),
    )
  })

  it('runs every container without privileges, on a read-only root, as a user that is not root', () => {
    for (const { pod } of [...charts.values()].flatMap(podsOf)) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      })
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(container.resources.limits).toHaveProperty('memory')
      }
    }
  })

  it('names a StatefulSet so that Kubernetes can create its pods, which an upgrade of the chart leaves alone', async () => {
    const named = ['--name-template', 'r'.repeat(53), '--show-only', 'templates/redis.yaml']
    const objects = await render(helm, 'bundled-values.yaml', ...named)
    const redis = objects.find(({ kind }) => kind === 'StatefulSet')
    expect(redis?.metadata.name.length).toBeLessThanOrEqual(52)
    const { labels } = redis?.['spec'].template.metadata ?? {}
    expect(labels).toEqual(redis?.['spec'].selector.matchLabels)
  })

  it('leaves user and group to OpenShift if told so, and else gives volumes the group of the server', () => {
    expect(podsOf(chart('openshift')).map(({ pod }) => Object.keys(pod.securityContext))).toEqual([
      ['runAsNonRoot', 'seccompProfile'],
    ])
    expect(find(chart('bundled'), 'Deployment')['spec'].template.spec.securityContext).toMatchObject({
      runAsUser: 10001,
      fsGroup: 10001,
    })
  })

  it('F16: holds secrets in Secrets only, as files that the group of the server can read', () => {
    for (const objects of charts.values()) {
      const secrets = objects
        .filter(({ kind }) => kind === 'Secret')
        .flatMap((secret) => Object.values(textsOf(secret)))
      const others = JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'))
      for (const text of secrets) expect(others).not.toContain(text)
      for (const { pod } of podsOf(objects)) {
        const { projected, secret } = pod.volumes.find(({ name }: { name: string }) => name === 'secrets')
        expect((projected ?? secret).defaultMode).toBe(0o440)
      }
    }
  })

  it('generates a root key and a password of Redis once, and keeps them', async () => {
    const secrets = new Map<string, KubernetesObject>()
    const cluster = await startCluster(chart('bundled'), secrets)
    onTestFinished(() => void cluster.close())
    const only = ['--show-only', 'templates/secrets.yaml', ...cluster.args]
    const install = () => render(helm, 'bundled-values.yaml', ...only)
    const upgrade = (program: string) => render(program, 'bundled-values.yaml', '--is-upgrade', ...only)

    const [first, other] = [await install(), await install()]
    const names = ['ember-emberlink-root-key', 'ember-emberlink-redis']
    for (const name of names) {
      const secret = find(first, 'Secret', name)
      expect(secret).toMatchObject({
        immutable: true,
        metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } },
      })
      expect(secret['data']).not.toEqual(find(other, 'Secret', name)['data'])
    }
    await expect(upgrade(helm)).rejects.toThrow(
      'Secret ember-emberlink-root-key, which has the root key, is missing',
    )
    for (const name of names) secrets.set(name, installed(find(first, 'Secret', name)))
    for (const program of [helm, helm3]) expect(await upgrade(program)).toEqual(first)
    // Installed again, after `helm uninstall` has left the Secrets.
    expect(await install()).toEqual(first)
    // Named Secrets take their places; the release keeps them, but not those of others, so that it can be rolled back.
    const [rootKey = '', redis = ''] = names
    secrets.set(redis, find(first, 'Secret', redis))
    const named = ['secrets.existing=mine', 'secrets.names={ROOT_KEY}', `store.redis.existingSecret=${redis}`]
    const set = named.flatMap((value) => ['--set', value])
    const kept = await render(helm, 'bundled-values.yaml', '--is-upgrade', ...set, ...only)
    expect(kept.map(({ metadata }) => metadata.name)).toEqual([rootKey, 'ember-emberlink-settings'])
  })

  it('selects the pods of the server for everything but Redis, and lets them reach DNS, Redis and what is named', () => {
    const objects = chart('bundled')
    const selected = (labels: Readonly<Record<string, string>>) =>
      podsOf(objects)
        .filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value))
        .map(({ name }) => name)
    const server = ['ember-emberlink']
    expect(selected(find(objects, 'Service')['spec'].selector)).toEqual(server)
    expect(selected(find(objects, 'Service', 'ember-emberlink-metrics')['spec'].selector)).toEqual(server)
    const budget = find(objects, 'PodDisruptionBudget')['spec']
    expect(selected(budget.selector.matchLabels)).toEqual(server)
    expect(budget.unhealthyPodEvictionPolicy).toBe('AlwaysAllow')
    expect(selected(find(objects, 'NetworkPolicy')['spec'].podSelector.matchLabels)).toEqual(server)
    const { egress } = find(objects, 'NetworkPolicy')['spec']
    expect(
      egress.map(({ ports }: { ports: { port: number | string }[] }) => ports.map(({ port }) => port)),
    ).toEqual([[53, 53, 5353, 5353], ['redis'], [465]])
    const redis = find(objects, 'NetworkPolicy', 'ember-emberlink-redis')['spec']
    expect(selected(redis.podSelector.matchLabels)).toEqual(['ember-emberlink-redis'])
    expect(redis.policyTypes).toEqual(['Ingress', 'Egress'])
    expect(redis).not.toHaveProperty('egress')
    const [{ from }] = redis.ingress
    expect(
      from.flatMap(({ podSelector }: { podSelector: { matchLabels: Record<string, string> } }) =>
        selected(podSelector.matchLabels),
      ),
    ).toEqual(['ember-emberlink', 'ember-emberlink-check'])
    const { labels } = find(objects, 'Service', 'ember-emberlink-metrics').metadata
    const { jobLabel, selector } = find(objects, 'ServiceMonitor')['spec']
    const monitored = selector.matchLabels
    expect(labels).toMatchObject(monitored)
    expect(readFileSync(`${ROOT}docker/monitoring/alerts.yml`, 'utf8')).toContain(
      `{job="${labels?.[jobLabel]}"}`,
    )
    expect(find(objects, 'Service').metadata.labels).not.toMatchObject(monitored)
  })

  it('lets the autoscaler decide on the number of servers, and an embedded store have one that is replaced', () => {
    expect(find(chart('bundled'), 'Deployment')['spec']).not.toHaveProperty('replicas')
    expect(find(chart('bundled'), 'HorizontalPodAutoscaler')['spec'].scaleTargetRef.name).toBe(
      'ember-emberlink',
    )
    expect(find(chart('external'), 'Deployment')['spec']).toMatchObject({
      replicas: 3,
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
    })
    expect(find(chart('openshift'), 'Deployment')['spec']).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
    })
    expect(chart('openshift').map(({ kind }) => kind)).not.toContain('PodDisruptionBudget')
  })

  it('starts Redis with its configuration, the user of the server, and a probe that succeeds', async () => {
    const objects = chart('bundled')
    const [container] = find(objects, 'StatefulSet', 'ember-emberlink-redis')['spec'].template.spec.containers
    const { password = '', redis_url: url = '' } = textsOf(find(objects, 'Secret', 'ember-emberlink-redis'))
    const { data } = find(objects, 'ConfigMap', 'ember-emberlink-redis')
    const folder = mkdtempSync(`${tmpdir()}/emberlink-chart-`)
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const inside = (text: string) =>
      text.replaceAll(/(?<![\w.])\/(data|etc\/emberlink|run\/emberlink|secrets\/redis)\b/g, `${folder}/$1`)
    for (const { mountPath } of container.volumeMounts) mkdirSync(inside(mountPath), { recursive: true })
    for (const name of ['redis.conf', 'users.acl'])
      writeFileSync(`${folder}/etc/emberlink/${name}`, inside(data[name]))
    writeFileSync(`${folder}/secrets/redis/password`, password)
    // Prints how Redis would be started.
    writeFileSync(`${folder}/redis-server`, '#!/bin/sh\nprintf "%s\\n" "$@"\n')
    chmodSync(`${folder}/redis-server`, 0o700)

    const [shell, option] = container.command
    const args = execFileSync(shell, [option, inside(container.args[0])], {
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env['PATH']}` },
    })
    const port = await freePort()
    const redis = await launchRedis(
      [...args.trim().split('\n'), '--port', `${port}`, '--bind', '127.0.0.1'],
      folder,
      port,
    )
    onTestFinished(() => redis.signal('SIGKILL'))
    expect(url).toBe(`redis://emberlink:${password}@ember-emberlink-redis:6379`)
    const probe = container.readinessProbe.exec.command.map(inside).at(-1)
    execFileSync('sh', ['-ec', probe.replace('redis-cli', `redis-cli -p ${port}`)], { env: await redisCli() })
    const store = await openRedisStore(url.replace('ember-emberlink-redis:6379', `127.0.0.1:${port}`))
    expect(await store.warnings()).toEqual([])
    await store.close()
    const acl = readFileSync(`${folder}/run/emberlink/users.acl`, 'utf8')
    expect(acl.match(/^user \w+/gm)).toEqual(['user default', 'user emberlink'])
    expect(acl).not.toContain('<')
  })

  it('documents every value in values.yaml, and has none that its schema lacks', () => {
    const { properties } = JSON.parse(readChart('values.schema.json'))
    const named = [...readChart('values.yaml').matchAll(/^(\w+):/gm)].map(([, name]) => name)
    expect(named.sort()).toEqual(
      Object.keys(properties)
        .filter((name) => name !== 'global')
        .sort(),
    )
  })
})

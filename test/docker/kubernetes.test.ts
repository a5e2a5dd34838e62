import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Deployment } from 'kubernetes-models/apps/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { Service } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { ROOT } from './compose.ts'

const [deployment, service, budget] = parseAllDocuments(
  readFileSync(`${ROOT}docker/kubernetes.yml`, 'utf8'),
).map((document) => document.toJS())
const pod = deployment.spec.template.spec
const [container] = pod.containers

describe('docker/kubernetes.yml', () => {
  it('has the values that the Kubernetes API accepts', () => {
    expect(() => new Deployment(deployment).validate()).not.toThrow()
    expect(() => new Service(service).validate()).not.toThrow()
    expect(() => new PodDisruptionBudget(budget).validate()).not.toThrow()
  })

  it('has no field that is unknown to the Kubernetes API', () => {
    const folder = `${ROOT}node_modules/.cache/kubernetes-${process.pid}/`
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      `${folder}check.ts`,
      `import type { IDeployment } from 'kubernetes-models/apps/v1'
       import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1'
       import type { IService } from 'kubernetes-models/v1'
       export const deployment: IDeployment = ${JSON.stringify(deployment)}
       export const service: IService = ${JSON.stringify(service)}
       export const budget: IPodDisruptionBudget = ${JSON.stringify(budget)}`,
    )
    const args = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--ignoreConfig',
      `${folder}check.ts`,
    ]
    const { stdout } = spawnSync(process.execPath, [`${ROOT}node_modules/typescript/bin/tsc`, ...args], {
      encoding: 'utf8',
    })
    rmSync(folder, { recursive: true })
    expect(stdout).toBe('')
  })

  it('probes liveness and readiness at the port of the server', () => {
    expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' })
    expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' })
    expect(container.ports).toEqual([{ name: 'http', containerPort: 3000 }])
    expect(service.spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }])
  })

  it('runs without privileges, on a read-only root, as a user that is not root', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(pod.automountServiceAccountToken).toBe(false)
  })

  it('selects the same pods everywhere, and keeps at least one of them', () => {
    const { labels } = deployment.spec.template.metadata
    expect(deployment.spec.selector.matchLabels).toEqual(labels)
    expect(service.spec.selector).toEqual(labels)
    expect(budget.spec.selector.matchLabels).toEqual(labels)
    expect(budget.spec.minAvailable).toBeLessThan(deployment.spec.replicas)
    expect(deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0)
  })

  it('grants more time to shut down than requests may take', () => {
    const requestTimeoutSeconds = 30
    const { seconds } = container.lifecycle.preStop.sleep
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(seconds + requestTimeoutSeconds)
  })

  it('F16: holds no secret, only the names of files that the group of the server can read', () => {
    const [volume] = pod.volumes
    expect(volume.secret).toEqual({ secretName: 'emberlink', defaultMode: 0o440 })
    expect(pod.securityContext.fsGroup).toBe(pod.securityContext.runAsGroup)
    const names = container.env.map(({ name }: { name: string }) => name)
    expect(names).toEqual(['PUBLIC_URL', 'TRUST_PROXY', 'REDIS_URL_FILE', 'ROOT_KEY_FILE'])
  })

  it('gives the server settings that it accepts, among the variables that Kubernetes sets for services', () => {
    const given = container.env.map(({ name, value }: { name: string; value: string }) => [name, value])
    const services = {
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
      EMBERLINK_SERVICE_HOST: '10.96.4.7',
      EMBERLINK_SERVICE_PORT_HTTP: '80',
      EMBERLINK_PORT: 'tcp://10.96.4.7:80',
      EMBERLINK_PORT_80_TCP_ADDR: '10.96.4.7',
      REDIS_PORT: 'tcp://10.96.4.8:6379',
    }
    const readFile = (path: string) =>
      path.endsWith('root_key')
        ? 'f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
        : 'redis://redis'
    expect(loadConfig({ ...Object.fromEntries(given), ...services }, readFile)).toMatchObject({
      publicUrl: 'https://secrets.example.com',
      trustProxy: ['10.0.0.0/16'],
    })
  })
})

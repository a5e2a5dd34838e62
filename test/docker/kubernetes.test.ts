import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { ROOT } from './compose.ts'
import { findUnknownFields, validateObject } from './kubernetes-types.ts'

const objects = parseAllDocuments(readFileSync(`${ROOT}docker/kubernetes.yml`, 'utf8')).map((document) =>
  document.toJS(),
)
const [deployment, service, budget] = objects
const pod = deployment.spec.template.spec
const [container] = pod.containers

describe('docker/kubernetes.yml', () => {
  it('has the values that the Kubernetes API accepts', async () => {
    for (const object of objects) await expect(validateObject(object)).resolves.toBeUndefined()
  })

  it('has no field that is unknown to the Kubernetes API', () => {
    expect(findUnknownFields(objects)).toBe('')
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
    expect(budget.spec.unhealthyPodEvictionPolicy).toBe('AlwaysAllow')
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

import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CronJob } from 'kubernetes-models/batch/v1'
import { Role, RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1'
import { ServiceAccount } from 'kubernetes-models/v1'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { findAnalyzer } from '../support/systemd.ts'
import { ROOT } from './compose.ts'

const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'emberlink-nightly-'))
const bin = join(folder, 'bin')
const DATA_DIR = join(folder, 'data')
const PATH = `${bin}:${process.env['PATH']}`
const env = { PATH, DATA_DIR }
/** What /etc/emberlink is on a machine whose root key is not in DATA_DIR. */
const settings = join(folder, 'settings')

beforeAll(() => {
  mkdirSync(bin)
  const main = `exec "${process.execPath}" "${ROOT}dist/main.js" "$@"`
  writeFileSync(join(bin, 'emberlink'), `#!/bin/sh\n${main}\n`, { mode: 0o755 })
  cpSync(`${ROOT}docker/backup.sh`, join(bin, 'emberlink-backup'))
  execFileSync(join(bin, 'emberlink'), ['account', 'create', 'ana@example.com'], { env, stdio: 'ignore' })
  const [data, key] = [join(settings, 'data'), join(settings, 'root_key')]
  cpSync(DATA_DIR, data, { recursive: true })
  renameSync(join(data, 'root.key'), key)
  writeFileSync(join(settings, '.env'), `DATA_DIR=${data}\nROOT_KEY_FILE=${key}\n`)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Creates a folder with a backup of an hour less than three days ago, one of an hour more, and another file. */
function filledFolder(name: string): string {
  const path = join(folder, name)
  mkdirSync(path)
  const hours = { 'emberlink-kept.tar': 71, 'emberlink-old.tar': 73, 'other.tar': 1000 }
  for (const [file, age] of Object.entries(hours)) {
    writeFileSync(join(path, file), '')
    const time = Date.now() / 1000 - age * 3600
    utimesSync(join(path, file), time, time)
  }
  return path
}

describe('docker/backup/crontab', () => {
  const [, user, command = ''] = /^(?:[\d*]+ ){5}(\S+) (.+)$/m.exec(read('docker/backup/crontab')) ?? []

  it('makes a backup with the settings of the server that is verified, and deletes those that are three days old', () => {
    const path = filledFolder('backups')
    expect(user).toBe('emberlink')
    const line = command.replace('/var/backups/emberlink', path).replace('/etc/emberlink', settings)
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { env: { PATH }, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const files = readdirSync(path).sort()
    expect(files).toEqual([
      expect.stringMatching(/^emberlink-\d{8}T\d{6}Z\.tar$/),
      'emberlink-kept.tar',
      'other.tar',
    ])
    expect(stdout).toBe(`copied to ${path}/${files[0]}, without the root keys
data: sound, with 0 unread secrets, 0 receipts and 1 account
root keys: in ROOT_KEY, open what the store holds
`)
  })

  it('deletes nothing when the backup fails', () => {
    const path = filledFolder('failing')
    const line = command.replace('/var/backups/emberlink', path).replace('/etc/emberlink', settings)
    const { status } = spawnSync('sh', ['-c', line], {
      env: { PATH, DATA_DIR: '/nowhere' },
      stdio: 'ignore',
    })
    expect(status).toBe(1)
    expect(readdirSync(path)).toHaveLength(3)
  })
})

describe('docker/backup.sh', () => {
  it.each([
    ['no arguments', []],
    ['a folder alone', ['/backups']],
    ['no days to keep', ['/backups', '0']],
    ['an option in the place of the days', ['/backups', '--without-unread']],
  ])('prints its usage when called with %s', (_, args) => {
    const { status, stdout, stderr } = spawnSync(join(bin, 'emberlink-backup'), args, {
      env,
      encoding: 'utf8',
    })
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'Usage: emberlink-backup FOLDER DAYS [OPTION]...   (DAYS is 1 or more)\n',
    })
  })
})

describe('docker/backup/emberlink-backup.service and .timer', () => {
  it('are units that systemd understands, and run what cron runs', async () => {
    const names = ['emberlink-backup.service', 'emberlink-backup.timer']
    const units = mkdtempSync(join(folder, 'units-'))
    for (const name of names) writeFileSync(join(units, name), read(`docker/backup/${name}`))
    const analyze = await findAnalyzer()
    expect(analyze('verify', ...names.map((name) => join(units, name)))).toEqual({ status: 0, output: '' })
    const service = read('docker/backup/emberlink-backup.service')
    // The specifier %d is not known to systemd 247.
    expect(service).toContain(
      '\nEnvironment=ROOT_KEY_FILE=/run/credentials/emberlink-backup.service/root_key\n',
    )
    expect(service).toMatch(/^ExecStart=\/bin\/sh \/usr\/local\/bin\/emberlink-backup \S+ 3$/m)
  })
})

describe('docker/backup/cronjob.yml', () => {
  const documents = parseAllDocuments(read('docker/backup/cronjob.yml')).map((document) => document.toJS())

  it('has the values that the Kubernetes API accepts, and the permissions for kubectl exec alone', () => {
    const [account, role, binding, job] = documents
    for (const object of [
      new ServiceAccount(account),
      new Role(role),
      new RoleBinding(binding),
      new CronJob(job),
    ])
      expect(() => object.validate()).not.toThrow()
    expect(
      role.rules.map(({ resources, verbs }: { resources: string[]; verbs: string[] }) => [resources, verbs]),
    ).toEqual([
      [['deployments'], ['get']],
      [['pods'], ['get', 'list']],
      [['pods/exec'], ['get', 'create']],
    ])
    const pod = job.spec.jobTemplate.spec.template.spec
    expect(pod.serviceAccountName).toBe(account.metadata.name)
    expect(pod.containers[0].command.slice(2)).toEqual([
      'deploy/emberlink',
      '--',
      'sh',
      '/app/docker/backup.sh',
      '/backups',
      '3',
    ])
    expect(read('Dockerfile')).toMatch(/^COPY .*docker\/backup\.sh .* docker\/$/m)
  })
})

describe('docs/backup.md', () => {
  it('has a restore drill that works', () => {
    const [, drill = ''] = /<!-- drill -->\n```sh\n(.+?)```/s.exec(read('docs/backup.md')) ?? []
    const cwd = mkdtempSync(join(folder, 'drill-'))
    chmodSync(cwd, 0o700)
    const { status, stdout } = spawnSync('sh', ['-ec', drill], { cwd, env, encoding: 'utf8' })
    expect(stdout).toMatch(/^data: sound, .+ 1 account$/m)
    expect(stdout).toContain('root keys: open what the store holds')
    expect(stdout).toContain('ana@example.com')
    expect(status).toBe(0)
    expect(readdirSync(cwd)).toEqual([])
  })
})

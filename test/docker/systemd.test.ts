import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { type Analyzer, findAnalyzer } from '../support/systemd.ts'
import { ROOT } from './compose.ts'

const NAME = 'emberlink.service'
const unit = readFileSync(`${ROOT}docker/systemd/${NAME}`, 'utf8')
const page = readFileSync(`${ROOT}docs/systemd.md`, 'utf8')
const valuesOf = (directive: string) =>
  [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value = '']) => value)

describe('docker/systemd/emberlink.service', () => {
  const folder = mkdtempSync(`${tmpdir()}/emberlink-systemd-`)
  let analyzer: Analyzer
  const analyze: Analyzer = (...args) => analyzer(...args, `${folder}/${NAME}`)

  beforeAll(async () => {
    analyzer = await findAnalyzer()
    // The program that it starts is not installed here.
    writeFileSync(`${folder}/${NAME}`, unit.replace('/usr/bin/node', process.execPath))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is a unit that systemd understands', () => {
    expect(analyze('verify')).toEqual({ status: 0, output: '' })
  })

  it('leaves little to an intruder: at most 1.5 of 10 by `systemd-analyze security`', () => {
    const { status, output } = analyze('security', '--offline=yes', '--threshold=15')
    expect(output).toMatch(/Overall exposure level for emberlink.service: [01]\.\d OK/)
    expect(status).toBe(0)
  })

  it('lets Node.js compile JavaScript, and needs no privilege', () => {
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual(['no'])
    expect(valuesOf('CapabilityBoundingSet')).toEqual([''])
    expect(valuesOf('SystemCallFilter')).toEqual(['@system-service', '~@privileged @resources'])
  })

  it('starts the server as the image and `npm start` do, and gives it the time that it needs to stop', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    const [options] = /--max\S+/.exec(scripts.start) ?? []
    expect(valuesOf('ExecStart')).toEqual([
      `/usr/bin/node ${options} /opt/emberlink/current/node_modules/emberlink/dist/main.js serve`,
    ])
    const [threads] = /UV_THREADPOOL_SIZE=\d+/.exec(readFileSync(`${ROOT}Dockerfile`, 'utf8')) ?? []
    expect(valuesOf('Environment')).toEqual([`NODE_ENV=production ${threads}`])
    expect(Number(valuesOf('TimeoutStopSec'))).toBeGreaterThan(35)
  })

  it('has the data folder and the root key where the settings in docs/systemd.md look for them', () => {
    const [, dotenv = ''] = /```ini\n(.+?)```/s.exec(page) ?? []
    const [credential = ''] = valuesOf('LoadCredential').map((value) => value.split(':')[0])
    const readFile = (path: string) => {
      expect(path).toBe(`/run/credentials/${NAME}/${credential}`)
      return 'f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    }
    expect(loadConfig({}, readFile, dotenv)).toMatchObject({
      dataDir: `/var/lib/${valuesOf('StateDirectory')}`,
      trustProxy: ['127.0.0.1', '::1'],
      warnings: [],
    })
  })
})

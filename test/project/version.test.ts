import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const { version } = JSON.parse(read('package.json')) as { version: string }

/** Every place that repeats the version of package.json, and how it stands there. */
const PLACES: Readonly<Record<string, RegExp>> = {
  'package-lock.json': /"name": "emberlink",\n\s+"version": "(.+)"/g,
  Dockerfile: /image\.version="(.+)"/g,
  'docker-compose.yml': /image: emberlink:(.+)/g,
  'docker/kubernetes.yml': /image: \S+\/emberlink:(.+)/g,
  'docker/helm/emberlink/Chart.yaml': /^(?:version|appVersion): (.+)$/gm,
  'docs/kubernetes.md': /\/emberlink:(\d\S*)/g,
  'docs/systemd.md': /(?:\bemberlink[-/]|ln -sfn )(\d[\d.]*\d)/g,
  'docs/testing/containers.md': /image: \S+\/emberlink:(.+)/g,
  'docs/testing.md': /\bemberlink-(\d\S*)\.tgz/g,
  'README.md': /\bEmberlink (\d\S*)/g,
}

describe('the version of package.json', () => {
  it.each(Object.entries(PLACES))('is the one in %s', (path, pattern) => {
    const found = [...read(path).matchAll(pattern)].map(([, text]) => text)
    expect(found.length).toBeGreaterThan(0)
    expect(new Set(found)).toEqual(new Set([version]))
  })

  it('is the newest release in CHANGELOG.md', () => {
    const headings = [...read('CHANGELOG.md').matchAll(/^## (\S+)/gm)].map(([, heading]) => heading)
    expect(headings.filter((heading, index) => index > 0 || heading !== 'Unreleased')[0]).toBe(version)
  })

  it('stands in no file of docker/ and docs/ that is not checked', () => {
    const files = ['docker', 'docs'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    const naming = files.filter((path) => /\.\w+$/.test(path) && /emberlink[:/-]\d/.test(read(path)))
    expect(naming.filter((path) => !(path in PLACES))).toEqual([])
  })
})

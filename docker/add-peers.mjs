// Turns the optional peer dependencies in ./package.json, those of traces, into dependencies of the image, in the versions that
// are tested. `npm ci` installs them by the same lockfile, which has them among the others for development.
import { readFileSync, writeFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
for (const name of Object.keys(manifest.peerDependencies)) {
  manifest.dependencies[name] = manifest.devDependencies[name]
  delete manifest.devDependencies[name]
}
writeFileSync('package.json', JSON.stringify(manifest))

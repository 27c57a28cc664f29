/** An entry for old phones, built by itself: in older syntax than the rest, and sharing no file with it, so that it is
 * small. Its part of the manifest joins that of the others. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'vite'

const MANIFEST = '.vite/manifest.json'
const OWN = '.vite/older-phones.json'

export function olderPhones(entry: string, page: string, target: string): Plugin {
  let out = ''
  let base = '/'
  return {
    name: 'gridgov-older-phones',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir
      base = config.base
    },
    async closeBundle() {
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        base,
        // Without preloading: its helper weighs more than what it saves here.
        build: { outDir: out, emptyOutDir: false, target, manifest: OWN, modulePreload: false, rolldownOptions: { input: { [entry]: page } } },
      })
      const read = (name: string): object => JSON.parse(readFileSync(join(out, name), 'utf8'))
      writeFileSync(join(out, MANIFEST), JSON.stringify({ ...read(MANIFEST), ...read(OWN) }, null, 2))
      rmSync(join(out, OWN))
    },
  }
}

/** Builds an entry's service worker after the entry, with the list of all files that the entry can ever load. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Manifest, type Plugin } from 'vite'

export function serviceWorker(source: string, entry: string): Plugin {
  let out = ''
  let base = '/'
  return {
    name: 'gridgov-service-worker',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir
      base = config.base
    },
    async closeBundle() {
      const page = `${entry}/index.html`
      const manifest: Manifest = JSON.parse(readFileSync(join(out, '.vite/manifest.json'), 'utf8'))
      const files = [...filesOf(manifest, page)].sort()
      const version = createHash('sha256')
      for (const file of [...files, page]) version.update(readFileSync(join(out, file)))
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: {
          __FILES__: JSON.stringify([`${base}${entry}/`, ...files.map((file) => base + file)]),
          __VERSION__: JSON.stringify(version.digest('hex').slice(0, 12)),
        },
        build: {
          outDir: join(out, entry),
          emptyOutDir: false,
          lib: { entry: source, formats: ['iife'], name: 'worker', fileName: () => 'worker.js' },
        },
      })
    },
  }
}

function filesOf(manifest: Manifest, key: string, seen = new Set<string>(), files = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return files
  seen.add(key)
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file)
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) filesOf(manifest, next, seen, files)
  return files
}

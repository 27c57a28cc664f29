/** Next to every text file its gzip, so that no server ever compresses. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const SMALLEST = 1024

export function precompressed(): Plugin {
  let out = ''
  return {
    name: 'gridgov-precompressed',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      out = config.build.outDir
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
          const path = join(out, file)
          if (!/\.(js|css|html|svg|webmanifest)$/.test(file) || statSync(path).size < SMALLEST) continue
          writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
        }
      },
    },
  }
}

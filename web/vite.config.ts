/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'
import { deepAddresses } from './build/deep-addresses.ts'
import { olderPhones } from './build/older-phones.ts'
import { ownFilesOnly } from './build/own-files-only.ts'
import { precompressed } from './build/precompressed.ts'
import { serviceWorker } from './build/service-worker.ts'

const ENTRIES = ['phone', 'desk', 'board']
const SERVICES = ['intake', 'dispatch', 'supervision', 'registry']
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** Where `make web-dev` finds the API: a running `make up`. */
const api = `http://127.0.0.1:${process.env.GRIDGOV_PORT ?? 8000}`

export default defineConfig({
  base: '/app/',
  plugins: [
    deepAddresses([...ENTRIES, 'follow']),
    ownFilesOnly(),
    vue(),
    // Tags of the two libraries (<el-…>, <van-…>) are imported with their styles where a template uses them.
    Components({ dts: false, dirs: [], resolvers: [VantResolver(), ElementPlusResolver({ importStyle: 'css' })] }),
    serviceWorker(here('src/phone/worker.ts'), 'phone'),
    // WeChat's browser on an old phone.
    olderPhones('follow', here('follow/index.html'), 'es2019'),
    precompressed(),
  ],
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: { input: Object.fromEntries(ENTRIES.map((entry) => [entry, here(`${entry}/index.html`)])) },
  },
  server: { proxy: Object.fromEntries(SERVICES.map((service) => [`/${service}`, { target: api, headers: { host: new URL(api).host } }])) },
  test: { include: ['src/**/*.test.ts'], environment: 'node', isolate: false },
})

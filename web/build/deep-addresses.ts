/** In the dev server the address of a thing (`/app/desk/inbox/<id>`) is the entry's page, as the services serve it. */
import type { Plugin } from 'vite'

export function deepAddresses(entries: readonly string[]): Plugin {
  const deep = new RegExp(`^/app/(${entries.join('|')})/[^.?]*(\\?.*)?$`)
  return {
    name: 'gridgov-deep-addresses',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, _, next) => {
        const found = deep.exec(request.url ?? '')
        if (found) request.url = `/app/${found[1]}/index.html${found[2] ?? ''}`
        next()
      })
    },
  }
}

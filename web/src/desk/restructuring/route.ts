import { ask, registry } from '../../shared/api'
import { page, type Queue } from '../page'
import { stateWords, t } from './texts'

export default page({
  path: 'restructuring',
  order: 81,
  title: () => t.title,
  roles: ['admin', 'leader', 'dispatcher', 'supervisor', 'auditor'],
  services: ['registry'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues(): Promise<Queue[]> {
    const waiting = await ask(registry.GET('/restructurings', { params: { query: { waiting: true, limit: 100 } } }))
    return [
      { key: 'all', title: t.all, query: {} },
      { key: 'waiting', title: t.waiting, query: { waiting: 'true' }, count: waiting.items.length },
      { key: 'approved', title: stateWords.approved, query: { state: 'approved' } },
    ]
  },
})

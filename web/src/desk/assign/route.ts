import { ask, dispatch } from '../../shared/api'
import { page } from '../page'
import { queueOf, QUEUES } from './queues'
import { t } from './texts'

export default page({
  path: 'assign',
  order: 20,
  title: () => t.title,
  roles: ['dispatcher', 'supervisor', 'leader', 'admin'],
  services: ['dispatch'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  queues: () =>
    Promise.all(
      QUEUES.map(async (key) => {
        const { total, overdue } = await ask(dispatch.GET('/inbox/counts', { params: { query: queueOf(key) } }))
        const query: Record<string, string> = key === 'pending' ? {} : { of: key }
        return { key, title: t[key], query, count: total, late: overdue }
      }),
    ),
})

import { ask, intake } from '../../shared/api'
import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'triage',
  order: 10,
  title: () => t.title,
  roles: ['intake_clerk', 'dispatcher', 'admin'],
  services: ['intake'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues() {
    const { needs_review: count } = await ask(intake.GET('/queues'))
    return [{ key: 'all', title: t.waiting, query: {}, count }]
  },
  /** What has a work order is found as one; here what has none yet. */
  async find(number) {
    const { items } = await ask(intake.GET('/reports', { params: { query: { number } } }))
    return items.flatMap((one) => (one.work_order ? [] : [{ path: `/triage/${one.id}`, number: one.number, title: one.title || one.text.slice(0, 40) }]))
  },
})

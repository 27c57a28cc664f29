import { page } from '../page'
import { orderOf, toCheck, trailOf } from '../orders/questions'
import { t } from './texts'

export default page({
  path: 'checks',
  title: () => t.title,
  tab: { order: 30, icon: 'M4 12.5 9 17.5 20 6.5' },
  of: (role) => role !== 'police_liaison' && role !== 'safety_manager', // no work order is theirs
  asks: (id) => (id ? [orderOf(id), trailOf(id)] : [toCheck]),
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})

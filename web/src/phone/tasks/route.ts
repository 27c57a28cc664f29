import { page } from '../page'
import { orderOf, todo, trailOf } from '../orders/questions'
import { t } from './texts'

export default page({
  path: 'tasks',
  title: () => t.title,
  tab: { order: 20, icon: 'M5 4h14v16H5zM8.5 9h7M8.5 13h7M8.5 17h4' },
  of: (role) => role !== 'police_liaison' && role !== 'safety_manager', // no work order is theirs
  asks: (id) => (id ? [orderOf(id), trailOf(id)] : [todo]),
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})

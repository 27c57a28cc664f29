import { page } from '../page'
import { hazardOf, openHazards, trailOf } from './questions'
import { t } from './texts'

export default page({
  path: 'hazards',
  title: () => t.title,
  tab: { order: 5, icon: 'M12 4 3 20h18zM12 10v5M12 17.5v.5' },
  of: (role) => role === 'police_liaison',
  asks: (id) => (id ? [hazardOf(id), trailOf(id)] : [openHazards]),
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})

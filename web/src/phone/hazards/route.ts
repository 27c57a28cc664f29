import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'hazards',
  title: () => t.title,
  tab: { order: 5, icon: 'M12 4 3 20h18zM12 10v5M12 17.5v.5' },
  of: (role) => role === 'police_liaison',
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})

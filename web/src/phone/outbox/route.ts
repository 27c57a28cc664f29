import { page } from '../page'
import { t } from './texts'
import { waiting } from './waiting'

export default page({
  path: 'outbox',
  title: () => t.title,
  of: () => true,
  tab: { order: 50, icon: 'M12 16V5M7.5 9.5 12 5l4.5 4.5M4 19h16', badge: () => waiting.value.length },
  list: () => import('./List.vue'),
})

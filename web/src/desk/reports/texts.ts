import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '民情', filters: '筛选', number: '编号', name: '内容', state: '状态', channel: '渠道', at: '上报', anyState: '全部状态', anyChannel: '全部渠道', today: '只看今天',
    empty: '这里是本辖区居民和网格员上报的民情，没有符合条件的。有新的上报会自动出现；也可放宽上面的筛选条件。', same: (number: string) => `与 ${number} 为同一问题`,
  },
  {
    title: 'Reports', filters: 'Filters', number: 'Number', name: 'What', state: 'State', channel: 'Channel', at: 'Sent', anyState: 'All states', anyChannel: 'All channels', today: 'Only today',
    empty: 'Here is what residents and grid workers of your area reported; none fits. New ones appear by themselves; or widen the filters above.', same: (number: string) => `The same as ${number}`,
  },
)

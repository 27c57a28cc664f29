import { texts } from '../../shared/i18n'

export const t = texts(
  { title: '上报渠道', today: '今日', yesterday: '昨日', empty: '今天和昨天都没有上报。', chart: '各渠道今日与昨日上报数' },
  { title: 'Reports by channel', today: 'Today', yesterday: 'Yesterday', empty: 'No reports today or yesterday.', chart: 'Reports by channel, today and yesterday' },
)

export const channelWords = texts(
  { resident: '居民', grid_worker: '网格员', hotline: '热线', import: '导入', inspection: '检查', camera: '视频', community: '社区' },
  { resident: 'Resident', grid_worker: 'Grid worker', hotline: 'Hotline', import: 'Import', inspection: 'Inspection', camera: 'Camera', community: 'Community' },
)

import { texts } from '../../shared/i18n'

export const t = texts(
  {
    waits: '已保存，待上传', result: '办理结果', why: '原因', before: '处理前照片', after: '处理后照片', photos: '现场照片',
    resultHint: '做了什么、结果如何', confirm: (what: string) => `确认${what}`, told: '反映内容', where: '地点', unit: '责任单位', closing: '结案条件', condition: '核查时请对照结案条件',
    done: '办理结果', returned: '上次退单原因', trail: '办理过程', map: '位置', need: '请填写', reportPhotos: '上报照片', resultPhotos: '办理照片', call: '到达现场', closeForm: '收起', doubt: (metres: number) => `坐标可能偏差 ${metres} 米`,
  },
  {
    waits: 'Saved, to be sent', result: 'What was done', why: 'Why', before: 'Photos before', after: 'Photos after', photos: 'Photos on the spot',
    resultHint: 'What was done and how it is now', confirm: (what: string) => what, told: 'What was reported', where: 'Place', unit: 'Unit', closing: 'May be closed when', condition: 'Compare with the closing condition',
    done: 'What was done', returned: 'Returned because', trail: 'Trail', map: 'Where', need: 'Needed', reportPhotos: 'Photos of the report', resultPhotos: 'Photos of the work', call: 'On the spot', closeForm: 'Close', doubt: (metres: number) => `the point may be ${metres} m off`,
  },
)

import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '隐患', awaiting_reinspection: '待复查', transferred: '已移交派出所，每周复查', others: '整改中', theirs: '等待复查', empty: '没有未销案的隐患。检查时发现的隐患会出现在这里。', waits: '已保存，待上传', recheckBy: (when: string) => `复查：${when}`, asked: (day: string) => `已申请延期至 ${day}，等待审批`, where: '场所', found: '发现日期', photos: '照片', reported: '上报照片', trail: '留痕', sheet: '整改措施', result: '整改情况', failed: '上次复查不通过',
  },
  {
    title: 'Hazards', awaiting_reinspection: 'To re-inspect', transferred: 'Transferred to the police, re-checked weekly', others: 'Being put right', theirs: 'Wait for the re-inspection', empty: 'There are no open hazards. What inspections find comes here.', waits: 'Saved, to be sent', recheckBy: (when: string) => `Re-check: ${when}`, asked: (day: string) => `Time until ${day} is asked for; not decided yet`, where: 'Premises', found: 'Found on', photos: 'Photos', reported: 'Photos of the report', trail: 'Trail', sheet: 'What is to be done', result: 'What was done', failed: 'Why it failed last',
  },
)

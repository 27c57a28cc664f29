import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '联席会议', everything: '全部会议', filters: '筛选', state: '状态', anyState: '全部状态', since: '起', until: '止', find: '会议名称或编号', name: '会议名称', when: '时间', unit: '召集单位', progress: '决议办结', done: (closed: number, all: number) => `${closed} / ${all}`,
    make: '召集会议', template: '往年会议模板', documents: '附件', past: '往年会议，未派工单',
    empty: '这里是本辖区召集或邀请本单位参加的消防联席会议，目前没有符合条件的。点“召集会议”发出会议通知；街道至少每两个月召开一次。',
    place: '地点', chair: '主持人', agenda: '议程', agendaHint: '议程（每行一项）', invited: '参会单位', addUnit: '添加参会单位', remove: (what: string) => `移除${what}`, starts: '开始时间', save: '保存', reread: '显示最新内容', making: '召集联席会议', editing: '修改会议通知',
    edit: '修改通知', record: '填写会议记录', recordAgain: '修改会议记录', approve: '签发纪要', cancel: '取消会议', why: '原因', confirmCancel: '确认取消会议', print: '打印纪要', trail: '留痕',
    attendance: '签到', person: '到会人', present: '到会', minutes: '会议纪要', noMinutes: '还没有填写纪要', resolutions: '决议事项', noResolutions: '没有决议事项', addResolution: '添加决议', resolution: (n: number) => `决议 ${n}`, what: '决议内容', lead: '牵头单位', assisting: '协办单位', deadline: '完成期限', order: '工单', noOrder: '签发后生成工单', opening: '正在生成工单…', result: '办理结果', photos: '签到表、现场照片', addPhotos: '添加签到表、现场照片',
    consequence: (n: number) => `签发后纪要不再修改，${n} 条决议将各生成一张工单，发给牵头单位并按完成期限督办；更正请用“补充说明”。`, confirmApprove: '确认签发', addendum: '补充说明', addenda: '补充说明', addText: '补充或更正的内容', add: '补充',
    approved: (who: string, at: string) => `${at} 由 ${who} 签发`, doc: '会 议 纪 要', called: '会议通知', atEnd: '出席', notCome: '缺席', sign: '签发人', by: (who: string) => `${who} 补充`, none: '无', toMeeting: '来自联席会议',
  },
  {
    title: 'Joint meetings', everything: 'All', filters: 'Filters', state: 'State', anyState: 'All states', since: 'From', until: 'To', find: 'Title or number', name: 'Title', when: 'When', unit: 'Called by', progress: 'Closed', done: (closed: number, all: number) => `${closed} of ${all}`,
    make: 'Call a meeting', template: 'Template', documents: 'Documents', past: 'Past meeting: no work order',
    empty: 'Here are the joint fire meetings that your area calls or is invited to; none fits now. Call one above; a street holds one at least every two months.',
    place: 'Place', chair: 'Chair', agenda: 'Agenda', agendaHint: 'Agenda (one item a line)', invited: 'Invited', addUnit: 'Add a unit', remove: (what: string) => `Remove ${what}`, starts: 'Begins', save: 'Save', reread: 'Show it as it is now', making: 'Call a joint meeting', editing: 'Correct the call',
    edit: 'Correct the call', record: 'Write the record', recordAgain: 'Correct the record', approve: 'Approve the minutes', cancel: 'Cancel it', why: 'Why', confirmCancel: 'Cancel the meeting', print: 'Print the minutes', trail: 'Trail',
    attendance: 'Attendance', person: 'Who came', present: 'Came', minutes: 'Minutes', noMinutes: 'No minutes yet', resolutions: 'Resolutions', noResolutions: 'No resolutions', addResolution: 'Add a resolution', resolution: (n: number) => `Resolution ${n}`, what: 'What was resolved', lead: 'Lead unit', assisting: 'Assisting', deadline: 'Deadline', order: 'Work order', noOrder: 'Opened at the approval', opening: 'Being opened…', result: 'Result', photos: 'Attendance sheet, photos', addPhotos: 'Add photos of the attendance sheet',
    consequence: (n: number) => `The minutes then stay as they are, and ${n} resolutions become one work order each, for the lead unit, due at the deadline. Corrections are addenda.`, confirmApprove: 'Approve', addendum: 'Add to the minutes', addenda: 'Addenda', addText: 'What is added or corrected', add: 'Add',
    approved: (who: string, at: string) => `Approved by ${who}, ${at}`, doc: 'Minutes', called: 'Call', atEnd: 'Present', notCome: 'Absent', sign: 'Approved by', by: (who: string) => `added by ${who}`, none: 'None', toMeeting: 'From the joint meeting',
  },
)

export const meetingStateWords = texts(
  { called: '待召开', held: '待签发', approved: '已签发', cancelled: '已取消' },
  { called: 'Called', held: 'To be approved', approved: 'Approved', cancelled: 'Cancelled' },
)
export const meetingVerbs = texts(
  { call: '召集', enter: '导入', restate: '修改通知', hold: '已召开', record: '修改记录', approve: '签发纪要', add: '补充说明', cancel: '取消' },
  { call: 'Called', enter: 'Imported', restate: 'Call corrected', hold: 'Held', record: 'Record corrected', approve: 'Minutes approved', add: 'Addendum', cancel: 'Cancelled' },
)

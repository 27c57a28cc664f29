import type { Words } from './texts'

export const en: Words = {
  language: '中文', large: 'Large type', normal: 'Normal type',
  tell: 'Report', look: 'Follow',
  tellTitle: 'Report a problem', tellLead: 'No account is needed. You get a number and a code to follow it by.',
  what: 'What is the problem?', whatHint: 'For example: a manhole cover by the road is missing', where: 'Where is it?', whereHint: 'Road, estate, house number or what is nearby',
  locate: 'Add my position', locating: 'Finding your position…', located: 'Your position is added (within {m} m)', unlocate: 'Leave the position out', noPlace: 'Your position could not be found: say above where it is',
  photos: 'Photos (optional, 6 at most)',
  contact: 'How to reach you (optional)', name: 'Name', phone: 'Telephone', phoneHint: 'Seen only by staff who need it for their work',
  send: 'Send', sending: 'Sending…', again: 'Send again', whatNeeded: 'Say first what the problem is',
  safe: 'Sending again is safe: it is not registered twice.',
  receiptTitle: 'Received', number: 'Number', code: 'Code',
  lookTitle: 'How is my report doing?', lookLead: 'Number and code are on your receipt; case and hyphens do not matter.', show: 'Show', loading: 'Asking…', bothNeeded: 'Fill in number and code',
  refresh: 'Refresh', unit: 'Unit responsible', promised: 'Promised', late: 'That time has passed; we are pressing for it', result: 'Result', history: 'What happened', yours: 'What you reported', at: 'Place', sent: 'Sent',
  retry: 'Try again',
}

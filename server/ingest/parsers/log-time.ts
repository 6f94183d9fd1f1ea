import { isEventTime } from '../../../shared/event/time-range.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pattern = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;

/** Lines of one second come together, so the last answer is most often the next one. */
let lastText = '';
let lastTime: number | null = null;

/** `23/Nov/2026:13:52:04 +0700` (strftime `%d/%b/%Y:%T %z`) as epoch ms; `null` when it isn't, or lies beyond the times an event may have. A leap second is the next minute's first. */
export function parseLogTime(text: string): number | null {
  if (text !== lastText) {
    lastTime = read(text);
    lastText = text;
  }
  return lastTime;
}

function read(text: string): number | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [day, hour, minute, second] = [match[1], match[4], match[5], match[6]].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const month = months.indexOf(match[2] ?? '');
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const year = Number(match[3]);
  if (new Date(Date.UTC(year, month, day)).getUTCDate() !== day) return null;
  const offset = (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -60_000 : 60_000);
  const time = Date.UTC(year, month, day, hour, minute, second) - offset;
  return isEventTime(time) ? time : null;
}

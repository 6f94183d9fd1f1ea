import { catalogues, type Language, type MessageKey } from './catalogue.ts';
import { defaultZone, zoneHours, zoneNames, type Zone } from './zone.ts';

/** Values for the `{name}` places of a message. */
export type MessageVars = Readonly<Record<string, string | number>>;

/** All that a screen or a report needs to speak one language. Times are epoch milliseconds. */
export interface Translator {
  readonly language: Language;
  /** The message with its `{name}` places filled; a place without a value stays as it is written. */
  readonly t: (key: MessageKey, vars?: MessageVars) => string;
  /** `1.234` in Indonesian, `1,234` in English. */
  readonly formatNumber: (value: number) => string;
  /** Two or three significant digits: `1,2 jt`, `1.2M`. */
  readonly formatCompact: (value: number) => string;
  /** `HH:mm:ss` in both languages, so that it matches the log line. */
  readonly formatTime: (epochMs: number, zone?: Zone) => string;
  /** `24 Nov 2026 14:05:12`. */
  readonly formatDateTime: (epochMs: number, zone?: Zone) => string;
  /** The largest whole unit: `2 d`, `4 m`, `3 j`, `2 h` in Indonesian; `2 s`, `4 m`, `3 h`, `2 d` in English. */
  readonly formatAge: (ms: number) => string;
}

const locales: Readonly<Record<Language, string>> = { id: 'id-ID', en: 'en-GB' };

const ageUnits: Readonly<Record<Language, readonly [string, string, string, string]>> = {
  id: ['d', 'm', 'j', 'h'],
  en: ['s', 'm', 'h', 'd'],
};

const pad = (value: number): string => String(value).padStart(2, '0');

/** Time of day as `HH:mm:ss` in `zone`; pure arithmetic, cheap enough for every row of a stream. */
export function formatClock(epochMs: number, zone: Zone = defaultZone): string {
  const day = 86_400_000;
  const inDay = (((epochMs + zoneHours[zone] * 3_600_000) % day) + day) % day;
  const seconds = Math.floor(inDay / 1_000);
  return `${pad(Math.floor(seconds / 3_600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

/** Day and month as `24/11` in `zone`. */
export function formatDay(epochMs: number, zone: Zone = defaultZone): string {
  const local = new Date(epochMs + zoneHours[zone] * 3_600_000);
  return `${pad(local.getUTCDate())}/${pad(local.getUTCMonth() + 1)}`;
}

function age(ms: number, [second, minute, hour, day]: readonly [string, string, string, string]): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} ${second}`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} ${minute}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} ${hour}`;
  return `${Math.floor(seconds / 86_400)} ${day}`;
}

/** A translator for one language; keep it, since its formatters are costly to make. */
export function createTranslator(language: Language): Translator {
  const messages = catalogues[language];
  const locale = locales[language];
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
  const dates = new Map<Zone, Intl.DateTimeFormat>();

  const dateIn = (zone: Zone): Intl.DateTimeFormat => {
    const known = dates.get(zone);
    if (known) return known;
    const made = new Intl.DateTimeFormat(locale, {
      day: '2-digit',
      month: 'short',
      year: 'numeric',
      timeZone: zoneNames[zone],
    });
    dates.set(zone, made);
    return made;
  };

  return {
    language,
    t: (key, vars) => {
      const message = messages[key];
      if (!vars) return message;
      return message.replaceAll(/\{(\w+)\}/g, (place, name: string) =>
        Object.hasOwn(vars, name) ? String(vars[name]) : place,
      );
    },
    formatNumber: (value) => number.format(value),
    formatCompact: (value) => compact.format(value),
    formatTime: formatClock,
    formatDateTime: (epochMs, zone = defaultZone) =>
      `${dateIn(zone).format(epochMs)} ${formatClock(epochMs, zone)}`,
    formatAge: (ms) => age(ms, ageUnits[language]),
  };
}

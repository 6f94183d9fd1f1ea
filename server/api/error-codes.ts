/** Every refusal of the API and the HTTP status it is told with; the one place where codes become statuses. */
export const statusOfCode = {
  invalid: 400,
  'weak-password': 400,
  'wrong-password': 400,
  'unknown-agency': 400,
  unauthenticated: 401,
  'wrong-credentials': 401,
  forbidden: 403,
  'personal-data': 403,
  'must-change-password': 403,
  'second-factor-due': 403,
  'origin-refused': 403,
  'not-found': 404,
  conflict: 409,
  'last-admin': 409,
  'limit-reached': 409,
  'too-large': 413,
  'not-json': 415,
  'host-refused': 421,
  'rate-limited': 429,
  'too-many-queries': 429,
  internal: 500,
  busy: 503,
  'not-ready': 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof statusOfCode;

/** What a source's lines may be; `auto` finds out line by line. */
export const sourceFormats = [
  'auto',
  'combined',
  'common',
  'vhost',
  'ecs-json',
  'nginx-json',
  'traefik',
  'caddy',
  'haproxy',
  'nginx-error',
  'apache-error',
  'otlp',
  'syslog',
] as const;

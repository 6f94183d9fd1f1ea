import { refusalHeaders, statusOf, type IngestCode, type Refusal, type Reply } from './dialect.ts';

/** The version whose answers are spoken; clients and shippers of 8.x take it. */
const version = '8.19.0';

/** An answer as Elasticsearch gives it, JSON already; official clients insist on the product's header. */
export function replyText(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    contentType: 'application/json',
    headers: { 'X-Elastic-Product': 'Elasticsearch', ...headers },
    body,
  };
}

const replyJson = (status: number, value: unknown, headers?: Record<string, string>): Reply =>
  replyText(status, JSON.stringify(value), headers);

const typeOf: Record<IngestCode, string> = {
  unauthorised: 'security_exception',
  'not-found': 'resource_not_found_exception',
  'too-large': 'content_too_large_exception',
  'too-many': 'es_rejected_execution_exception',
  unavailable: 'unavailable_shards_exception',
  'bad-request': 'illegal_argument_exception',
  unsupported: 'illegal_argument_exception',
  conflict: 'version_conflict_engine_exception',
};

/** Why a whole request is refused, in the shape of an error of Elasticsearch. */
export function refusalOf({ code, message }: Refusal): Reply {
  const cause = { type: typeOf[code], reason: message };
  const status = statusOf[code];
  return replyJson(status, { error: { root_cause: [cause], ...cause }, status }, refusalHeaders(code));
}

/** `GET /`: what the clients' product check and shippers ask first. It says what this is, in their words. */
const root = (source: string) => ({
  name: 'siaga',
  cluster_name: source,
  cluster_uuid: source,
  version: {
    number: version,
    build_flavor: 'default',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
});

/** Filebeat and Logstash send nothing before they have seen an active licence; this one claims no paid feature. */
const license = (source: string) => ({
  license: { status: 'active', uid: source, type: 'oss', issued_to: 'siaga', issuer: 'siaga' },
});

const probes: ReadonlyMap<string, (source: string) => object> = new Map<string, (source: string) => object>([
  ['/', root],
  ['/_license', license],
  ['/_xpack', (source: string) => ({ ...license(source), features: {} })],
]);

/** Answers what clients ask before they send: the root, the licence. Of all else there is nothing here, so 404. */
export function answerProbe(source: string, path: string): Reply {
  const probe = probes.get(path);
  return probe
    ? replyJson(200, probe(source))
    : refusalOf({
        code: 'not-found',
        message: `there is no ${path.slice(0, 200)} here: only _bulk is served`,
      });
}

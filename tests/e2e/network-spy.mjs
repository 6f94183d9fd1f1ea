/**
 * Preloaded into a server (`--import`), in each of its threads: notes every connection that it begins, every datagram that it
 * sends and every name that it looks up, as lines of JSON in the file NETWORK_SPY_FILE, and lets them through.
 */
import { appendFileSync } from 'node:fs';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { threadId } from 'node:worker_threads';

const file = process.env['NETWORK_SPY_FILE'] ?? '';
const note = (what, to) => appendFileSync(file, `${JSON.stringify({ what, to, threadId })}\n`);

const textOf = (value) => {
  if (typeof value === 'function') return 'callback';
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  const { host, port, path } = value;
  return [host, port, path].filter((part) => part !== undefined).join(' ');
};

function spyOn(owner, name, what) {
  const real = owner[name];
  if (typeof real !== 'function') return;
  owner[name] = function (...args) {
    note(`${what}.${name}`, args.map(textOf).join(' '));
    return Reflect.apply(real, this, args);
  };
}

spyOn(net.Socket.prototype, 'connect', 'net');
for (const name of ['send', 'connect']) spyOn(dgram.Socket.prototype, name, 'dgram');
const lookups = Object.keys(dns).filter((name) => /^(?:lookup|resolve|reverse)/.test(name));
for (const name of lookups) {
  spyOn(dns, name, 'dns');
  spyOn(dns.promises, name, 'dns.promises');
  spyOn(dns.Resolver.prototype, name, 'dns.Resolver');
  spyOn(dns.promises.Resolver.prototype, name, 'dns.promises.Resolver');
}
syncBuiltinESMExports();
note('watching', '');

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RsyslogProcess {
  /** The file whose lines it forwards. */
  readonly input: string;
  stop(): Promise<void>;
}

export interface RsyslogOptions {
  readonly parent: string;
  readonly port: number;
  /** How it tells where a message ends, as `omfwd` names it. */
  readonly framing: 'traditional' | 'octet-counted';
  /** `RSYSLOG_TraditionalForwardFormat` is RFC 3164, `RSYSLOG_SyslogProtocol23Format` RFC 5424. */
  readonly template: 'RSYSLOG_TraditionalForwardFormat' | 'RSYSLOG_SyslogProtocol23Format';
}

const binary = ['/usr/sbin/rsyslogd', '/usr/local/sbin/rsyslogd'].find(existsSync) ?? 'rsyslogd';

const configuration = (folder: string, input: string, options: RsyslogOptions): string => `
global(workDirectory="${folder}")
module(load="imfile" mode="inotify")
input(type="imfile" file="${input}" tag="sipol:" severity="info" facility="local6" ruleset="forward")
ruleset(name="forward") {
  action(
    type="omfwd" target="127.0.0.1" port="${options.port}" protocol="tcp"
    tcp_framing="${options.framing}" template="${options.template}"
    action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="linkedList"
  )
}
`;

/** A real rsyslogd in a private folder that forwards the lines of a file over TCP, as an operator would have it. */
export async function startRsyslog(options: RsyslogOptions): Promise<RsyslogProcess> {
  const folder = join(options.parent, `rsyslog-${options.framing}`);
  await mkdir(folder);
  const input = join(folder, 'input.log');
  await writeFile(input, '');
  const file = join(folder, 'rsyslog.conf');
  await writeFile(file, configuration(folder, input, options));
  const child = spawn(binary, ['-n', '-f', file, '-i', join(folder, 'rsyslogd.pid')], { stdio: 'ignore' });
  const exit = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  return {
    input,
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

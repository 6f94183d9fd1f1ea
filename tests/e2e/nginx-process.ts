import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './siaga-process.ts';

export interface NginxProcess {
  readonly url: string;
  readonly accessLog: string;
  stop(): Promise<void>;
}

const binary = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync) ?? 'nginx';

const configuration = (folder: string, port: number, accessLog: string): string => `
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
worker_processes 1;
events { worker_connections 256; }
http {
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  real_ip_header X-Test-Address;
  set_real_ip_from 127.0.0.1;
  access_log ${accessLog} combined;
  server {
    listen 127.0.0.1:${port};
    location = /login { return 401; }
    location /sipol/ { return 200 "ok"; }
    location / { return 404; }
  }
}
`;

/**
 * A real nginx on a private port and folder; the test says by \`X-Test-Address\` whose request it is. It logs to a file, or where
 * \`logTo\` says, as \`access_log\` has it.
 */
export async function startNginx(parent: string, logTo?: string): Promise<NginxProcess> {
  const folder = join(parent, 'nginx');
  await mkdir(folder);
  const port = await freePort();
  const accessLog = join(folder, 'access.log');
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, logTo ?? accessLog));
  const child = spawn(binary, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  const exit = new Promise<void>((resolve) => void child.on('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const answers = await fetch(`${url}/sipol/beranda`, { headers: { 'x-test-address': '192.0.2.1' } }).then(
      () => true,
      () => false,
    );
    if (answers) break;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  return {
    url,
    accessLog,
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

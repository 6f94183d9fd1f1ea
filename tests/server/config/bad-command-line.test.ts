import { describe, expect, it } from 'vitest';
import { load, loadYaml, problemsOf } from './load.ts';

describe('a bad command line is refused', () => {
  it.each([
    [['--wach', 'x'], ['command line: --wach: unknown option, did you mean --watch?']],
    [
      ['--verbose'],
      [
        'command line: --verbose: unknown option, expected one of --config, --watch, --parties, --data, --host, --port, --log-level, --help, --version',
      ],
    ],
    [
      ['-x'],
      [
        'command line: -x: unknown option, expected one of --config, --watch, --parties, --data, --host, --port, --log-level, --help, --version',
      ],
    ],
    [['--__proto__'], ['command line: --__proto__: unknown option, did you mean --port?']],
    [['access.log'], ['command line: found "access.log", expected an option']],
    [['--port', '80a'], ['command line: --port: found "80a", expected a port from 0 to 65535']],
    [['--port', '70000'], ['command line: --port: found "70000", expected a port from 0 to 65535']],
    [['--port'], ['command line: --port: found nothing, expected a value']],
    [['--port='], ['command line: --port: found nothing, expected a value']],
    [['--data', '--port', '1'], ['command line: --data: found nothing, expected a value']],
    [['--host', '-'], ['command line: --host: found "-", expected a host name or an IP address']],
    [
      ['--log-level', 'loud'],
      ['command line: --log-level: found "loud", expected one of error, warn, info, debug'],
    ],
    [['--data', 'a', '--data', 'b'], ['command line: --data: found 2 times, expected once']],
    [['--data', 'parties.csv'], ['command line: --data: found "parties.csv", expected a folder, not a file']],
    [['--help=yes'], ['command line: --help: found "yes", expected no value']],
    [
      ['--watch', 'a.log', '--parties', 'no.csv'],
      ['command line: --parties: found "no.csv": found no such file, expected one that exists'],
    ],
  ])('%j', (argv, expected) => {
    expect(problemsOf(load(argv))).toEqual(expected);
  });

  it('and so is a level of the log that is none in the file', () => {
    const sources = 'parties: parties.csv\nsources: [{ id: a, kind: file, path: a.log }]\n';
    expect(problemsOf(loadYaml(`logLevel: trace\n${sources}`))).toEqual([
      'siaga.yaml:1: logLevel: found "trace", expected one of error, warn, info, debug',
    ]);
  });

  it('and so is the environment', () => {
    expect(
      problemsOf(load([], { env: { SIAGA_PORT: 'http', SIAGA_HOST: 'a/b', SIAGA_LOG_LEVEL: 'all' } })),
    ).toEqual([
      'environment: SIAGA_HOST: found "a/b", expected a host name or an IP address',
      'environment: SIAGA_PORT: found "http", expected a port from 0 to 65535',
      'environment: SIAGA_LOG_LEVEL: found "all", expected one of error, warn, info, debug',
    ]);
  });
});

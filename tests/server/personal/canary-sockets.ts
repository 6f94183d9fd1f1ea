import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEdge } from '../../../server/edge/edge.ts';
import { defaultLimits } from '../../../server/limits/limits.ts';
import { createLiveServer } from '../../../server/live/live-server.ts';
import { createRecentFrames } from '../../../server/live/recent-frames.ts';
import { createSnapshots } from '../../../server/live/snapshot.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import { parties } from '../api/support.ts';
import { frame, type CanaryDesk } from './canaries.ts';

/** The live server over the canaries, on a port of its own. */
export async function openCanarySockets(api: CanaryDesk) {
  const http = createServer();
  const recent = createRecentFrames([frame]);
  const now = (): number => 0;
  const log = (): void => undefined;
  const live = createLiveServer({
    http,
    identify: (headers) => {
      const identity = api.desk.auth.identify(headers);
      return identity && { ...identity, user: identity.sessionKey };
    },
    onSessionEnded: api.desk.auth.onSessionEnded,
    mayConnect: () => true,
    edge: createEdge({ limits: defaultLimits, trustedProxies: [], delayMs: () => 0, now, log }),
    snapshot: createSnapshots({
      mode: 'production',
      version: '0',
      parties,
      recent,
      now,
      alerts: api.alerts,
    }),
    recent,
    personal: createPersonalViews(createPseudonyms(Buffer.alloc(32, 7)), parties),
    now,
    log,
  });
  api.alerts.subscribe(live.sendChanges);
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  return {
    live,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: async (): Promise<void> => {
      live.close();
      http.closeAllConnections();
      await new Promise((resolve) => void http.close(resolve));
    },
  };
}

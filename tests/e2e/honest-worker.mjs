import { parentPort, workerData } from 'node:worker_threads';

/** Hands in a line and asks for the alerts, again and again until it hears anything; then it tells how long each round took, ms. */
const { url, token, cookie, pauseMs } = workerData;
let going = true;
parentPort.once('message', () => void (going = false));
const times = [];
while (going) {
  const begun = performance.now();
  const isGood = await Promise.all([
    fetch(`${url}/ingest/v1/feed`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: 'a line\n',
    }),
    fetch(`${url}/api/alerts`, { headers: { cookie } }),
  ]).then(
    async (answers) => {
      for (const answer of answers) await answer.text();
      return answers.every(({ ok }) => ok);
    },
    () => false,
  );
  times.push(isGood ? performance.now() - begun : Number.POSITIVE_INFINITY);
  await new Promise((resolve) => void setTimeout(resolve, pauseMs));
}
parentPort.postMessage(times, []);

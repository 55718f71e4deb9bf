// How long the server takes over what the page asks for, in milliseconds, the way to it and back included:
//   HEED_URL=http://127.0.0.1:8420/ node browser/times.mjs [MODEL] [WORDS] [STREAM]
// Prints one JSON line each. Measure on a machine that does nothing else.
const [model = 'bert-base-uncased', words = '500', stream = 'enc'] = process.argv.slice(2);
const root = `${process.env.HEED_URL ?? 'http://127.0.0.1:8420/'}api/`;
const vocabulary = 'the quick brown fox runs over a small dog while seven old men make strong food in big iron pots'.split(' ');
const text = Array.from({ length: Number(words) }, (_, i) => vocabulary[(i * 7 + (i >> 3)) % vocabulary.length]).join(' ');
const TIMES = 60;
/** What takes long is asked for less often. */
const MOST_MILLISECONDS = 10_000;

async function post(body) {
  for (;;) {
    const response = await fetch(`${root}runs`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const answer = await response.json();
    if (response.status === 201) return answer;
    if (response.status !== 409) throw new Error(answer.error);
    await fetch(`${root}jobs/${answer.job}/events`).then((events) => events.text());
  }
}

async function timed(what, path) {
  const times = [];
  let bytes = 0;
  const begun = performance.now();
  for (let i = 0; i < TIMES && performance.now() - begun < MOST_MILLISECONDS; i++) {
    const start = performance.now();
    const response = await fetch(`${root}${path(i)}`);
    bytes = (await response.arrayBuffer()).byteLength;
    times.push(performance.now() - start);
    if (!response.ok) throw new Error(`${path(i)}: ${response.status}`);
  }
  times.sort((a, b) => a - b);
  const at = (share) => Number(times[Math.floor(share * (times.length - 1))].toFixed(1));
  console.log(JSON.stringify({ what, times: times.length, bytes, p50: at(0.5), p95: at(0.95) }));
}

const run = await post({ model, text });
const { layers, heads, queries } = run.streams[stream];
const tokens = run.tokens[queries].length;
console.log(JSON.stringify({ model, layers, heads, tokens, forwardMs: run.milliseconds }));
const of = `runs/${run.run}/${stream}`;
const tiles = Math.ceil(tokens / 256);
const deepest = Math.max(0, Math.ceil(Math.log2(tokens / 256)));
const place = (i) => `layer=${(i * 5) % layers}&head=${(i * 7) % heads}`;
await timed('a token in all heads', (i) => `${of}/row?token=${(i * 31) % tokens}`);
if (tokens <= 1024) await timed('a head', (i) => `${of}/head?${place(i)}`);
await timed('a tile of 256 by 256', (i) => `${of}/tile?${place(i)}&level=0&y=${(i * 3) % tiles}&x=${(i * 5) % tiles}`);
if (deepest) await timed('a tile of everything', (i) => `${of}/tile?${place(i)}&level=${deepest}&y=0&x=0`);
await timed('links', (i) => `${of}/edges?${place(i)}&mass=0.7&limit=2000`);
await timed('a step', (i) => `runs/${run.run}/step?stream=${stream}&${place(i)}&i=${(i * 31) % tokens}&j=0`);
await timed('thumbnails of all heads', () => `${of}/thumbs?size=64`);

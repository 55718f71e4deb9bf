// What OpenAI's own client gets from a server of Heed, as one line of JSON. heed.server.api.OpenAiClientIT runs it.
// By hand: HEED_URL=http://127.0.0.1:8420/ HEED_KEY=… node clients/openai.mjs EMBEDDER WRITER CLASSIFIER
import OpenAI, { AuthenticationError, NotFoundError } from 'openai';

const [embedder, writer, classifier] = process.argv.slice(2);
const options = { baseURL: process.env.HEED_URL + 'v1', maxRetries: 0 };
const client = new OpenAI({ ...options, apiKey: process.env.HEED_KEY ?? 'none' });

const refused = async (work, kind) => {
  try {
    await work();
  } catch (error) {
    return error instanceof kind ? error.message : `another error: ${error}`;
  }
  return 'no error';
};

const models = (await client.models.list()).data.map((model) => model.id);
const input = ['the bank', 'the river bank'];
const embeddings = await client.embeddings.create({ model: embedder, input }); // asks for base64
const floats = await client.embeddings.create({ model: embedder, input, encoding_format: 'float' });
const completion = await client.completions.create({ model: writer, prompt: 'the bank', max_tokens: 6, temperature: 0 });
const messages = [{ role: 'user', content: 'the bank' }];
const chat = await client.chat.completions.create({ model: writer, messages, max_tokens: 6, temperature: 0 });
const stream = await client.chat.completions.create({
  model: writer,
  messages,
  max_tokens: 6,
  temperature: 0,
  stream: true,
  stream_options: { include_usage: true },
});
let streamed = '';
let usage;
for await (const chunk of stream) {
  streamed += chunk.choices[0]?.delta?.content ?? '';
  usage = chunk.usage ?? usage;
}
const moderation = await client.moderations.create({ model: classifier, input: 'the bank' });
const stranger = new OpenAI({ ...options, apiKey: 'wrong' });

console.log(
  JSON.stringify({
    models,
    embedding: embeddings.data[1].embedding,
    floats: floats.data[1].embedding,
    completion: completion.choices[0],
    completionUsage: completion.usage,
    chat: chat.choices[0],
    streamed,
    usage,
    scores: moderation.results[0].category_scores,
    unknown: await refused(() => client.embeddings.create({ model: 'gpt-4', input }), NotFoundError),
    unauthorized: await refused(() => stranger.models.list(), AuthenticationError),
  }),
);

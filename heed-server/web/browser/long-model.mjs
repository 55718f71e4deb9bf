// Writes a Llama of made-up weights that takes 8,192 tokens, with heads as wide as BERT's, for browser/times.mjs:
//   node browser/long-model.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const [width, layers, heads, inner] = [768, 2, 12, 1024];
const words = 'the quick brown fox runs over a small dog while seven old men make strong food in big iron pots'.split(' ');
const vocabulary = ['<unk>', '<s>', '</s>', ...words];

let state = 20;
/** Numbers around 0, by a generator that gives the same on every machine (Marsaglia 2003, xorshift). */
function values(count, spread) {
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (spread * (state | 0)) / 2 ** 31;
  });
}

const tensors = [['model.embed_tokens.weight', [vocabulary.length, width], 1], ['lm_head.weight', [vocabulary.length, width], 0.1]];
for (let layer = 0; layer < layers; layer++) {
  const of = `model.layers.${layer}`;
  for (const name of ['q', 'k', 'v', 'o']) tensors.push([`${of}.self_attn.${name}_proj.weight`, [width, width], 0.06]);
  tensors.push([`${of}.mlp.gate_proj.weight`, [inner, width], 0.05], [`${of}.mlp.up_proj.weight`, [inner, width], 0.05],
    [`${of}.mlp.down_proj.weight`, [width, inner], 0.05], [`${of}.input_layernorm.weight`, [width], 0], [`${of}.post_attention_layernorm.weight`, [width], 0]);
}
tensors.push(['model.norm.weight', [width], 0]);

const header = {};
const parts = [];
let offset = 0;
for (const [name, shape, spread] of tensors) {
  const count = shape.reduce((product, size) => product * size, 1);
  const numbers = spread ? values(count, spread) : new Float32Array(count).fill(1);
  parts.push(Buffer.from(numbers.buffer));
  header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + 4 * count] };
  offset += 4 * count;
}
const json = Buffer.from(JSON.stringify(header));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(json.length));
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, json, ...parts]));
writeFileSync(join(folder, 'config.json'), JSON.stringify({ architectures: ['LlamaForCausalLM'], model_type: 'llama', vocab_size: vocabulary.length,
  hidden_size: width, intermediate_size: inner, num_hidden_layers: layers, num_attention_heads: heads, num_key_value_heads: heads,
  max_position_embeddings: 8192, hidden_act: 'silu', rms_norm_eps: 1e-6, rope_theta: 10000, tie_word_embeddings: false, bos_token_id: 1, eos_token_id: 2 }, null, 2));
const special = ['<unk>', '<s>', '</s>'].map((content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }));
writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify({ version: '1.0', truncation: null, padding: null, added_tokens: special, normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' }, post_processor: null, decoder: null,
  model: { type: 'WordLevel', vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])), unk_token: '<unk>' } }, null, 2));
writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast', bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' }));

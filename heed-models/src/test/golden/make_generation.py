"""What Hugging Face's generate chooses, for the tests of heed.generation.

The model is a table: the scores of the next token are the row (3 * last + 5 * last but one + 7 * length) mod 41 of
a random matrix of 41 rows and 13 columns. So every step of every strategy is compared exactly, without a
Transformer in between. Each case has its options, in generate's own words, and for each prompt, run alone, the
continuations that generate returns, with scores where it gives any.

Beside the table stand tiny checkpoints with seeded random weights, a folder each, with generation.json: the same for
real networks, with the options that generation_config.json does not say.

usage: make_generation.py DIR       writes DIR/table.json and DIR/<model>/
"""
import json
import os
import sys
import zlib

import torch
import transformers
from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

ROWS, VOCABULARY = 41, 13
PROMPTS = [[1], [5, 2, 9], [4, 4, 7, 1, 3, 4]]


class TableConfig(PretrainedConfig):
    model_type = "table"


class Table(PreTrainedModel, GenerationMixin):
    config_class = TableConfig
    main_input_name = "input_ids"
    _supports_cache_class = False

    def __init__(self, config, scale):
        super().__init__(config)
        generator = torch.Generator().manual_seed(20261122)
        table = torch.randn(ROWS, VOCABULARY, generator=generator, dtype=torch.float64) * scale
        self.table = torch.nn.Parameter(table.round(decimals=3).float())
        self.generation_config = GenerationConfig()

    def forward(self, input_ids, attention_mask=None, **_):
        logits = torch.zeros(*input_ids.shape, VOCABULARY)
        length = input_ids.shape[1]
        for b, row in enumerate(input_ids.tolist()):
            before = row[-2] if length > 1 else 0
            logits[b, -1] = self.table[(3 * row[-1] + 5 * before + 7 * length) % ROWS]
        return CausalLMOutput(logits=logits)

    def prepare_inputs_for_generation(self, input_ids, attention_mask=None, **_):
        return {"input_ids": input_ids}


def cases():
    """Options, in generate's words."""
    for eos in ([], [6], [6, 11]):
        yield dict(max_new_tokens=12, eos_token_id=eos)
    yield dict(max_new_tokens=12, eos_token_id=[6], repetition_penalty=1.7)
    yield dict(max_new_tokens=12, eos_token_id=[6], repetition_penalty=0.6)
    for n in (1, 2, 3):
        yield dict(max_new_tokens=8, eos_token_id=[], no_repeat_ngram_size=n)
    yield dict(max_new_tokens=20, eos_token_id=[], no_repeat_ngram_size=2, repetition_penalty=0.3)
    yield dict(max_new_tokens=12, eos_token_id=[6, 11], min_new_tokens=7)
    yield dict(max_length=13, eos_token_id=[6, 11], min_length=9)
    yield dict(max_new_tokens=6, eos_token_id=[6], forced_bos_token_id=8)
    yield dict(max_new_tokens=6, eos_token_id=[6], forced_eos_token_id=6)
    yield dict(max_new_tokens=6, eos_token_id=[6, 11], forced_eos_token_id=[6, 11])
    yield dict(max_new_tokens=9, eos_token_id=[6], suppress_tokens=[0, 3, 12])
    yield dict(max_new_tokens=9, eos_token_id=[6], begin_suppress_tokens=[6, 2, 10])
    yield dict(max_new_tokens=9, eos_token_id=[6], begin_suppress_tokens=[6, 2, 10], forced_bos_token_id=8)
    yield dict(max_new_tokens=9, eos_token_id=[6], bad_words_ids=[[6], [3], [2, 9], [9, 4, 4]])
    for beams in (2, 3, 5):
        for penalty in (-1.0, 0.0, 0.6, 1.0, 2.0):
            for early in (True, False, "never"):
                for eos in ([6], [6, 11, 2]):
                    yield dict(num_beams=beams, num_return_sequences=2, length_penalty=penalty,
                               early_stopping=early, max_new_tokens=9, eos_token_id=eos)
    beam = dict(num_beams=3, num_return_sequences=2)
    yield dict(**beam, max_new_tokens=7, eos_token_id=[])
    yield dict(**beam, max_new_tokens=12, eos_token_id=[6], repetition_penalty=1.7)
    yield dict(**beam, max_new_tokens=9, eos_token_id=[6], no_repeat_ngram_size=2)
    yield dict(**beam, max_new_tokens=12, eos_token_id=[6, 11], min_new_tokens=7)
    yield dict(**beam, max_new_tokens=6, eos_token_id=[6], forced_bos_token_id=8)
    yield dict(**beam, max_new_tokens=6, eos_token_id=[6], forced_eos_token_id=6)
    yield dict(**beam, max_new_tokens=9, eos_token_id=[6], suppress_tokens=[0, 3, 12])
    yield dict(**beam, max_new_tokens=9, eos_token_id=[6], begin_suppress_tokens=[6, 2, 10])
    yield dict(**beam, max_new_tokens=9, eos_token_id=[6], bad_words_ids=[[6], [3], [2, 9], [9, 4, 4]])
    yield dict(num_beams=6, num_return_sequences=6, max_new_tokens=3, eos_token_id=[6])


def continuations(model, options, prompt):
    output = model.generate(
        torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), pad_token_id=0,
        use_cache=False, do_sample=False, return_dict_in_generate=True, output_scores=True,
        **options | dict(eos_token_id=options["eos_token_id"] or None))
    beams = options.get("num_beams", 1) > 1
    transitions = model.compute_transition_scores(
        output.sequences, output.scores, output.beam_indices if beams else None, normalize_logits=not beams)
    result = []
    for i, sequence in enumerate(output.sequences.tolist()):
        ids = sequence[len(prompt):]
        end = next((at for at, token in enumerate(ids) if token in options["eos_token_id"]), len(ids) - 1) + 1
        one = dict(ids=ids[:end], log_probabilities=[round(x, 4) for x in transitions[i].tolist()[:end]])
        if beams:
            one["score"] = round(output.sequences_scores[i].item(), 6)
        result.append(one)
    return result


def processors(model):
    """Scores before and after each filter of sampling."""
    from transformers.generation import MinPLogitsWarper, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper
    filters = [("temperature", v, TemperatureLogitsWarper(v)) for v in (0.3, 1.7)]
    filters += [("top_k", v, TopKLogitsWarper(v)) for v in (1, 4, 50)]
    filters += [("top_p", v, TopPLogitsWarper(v)) for v in (0.0, 0.2, 0.5, 0.9, 0.99)]
    filters += [("min_p", v, MinPLogitsWarper(v)) for v in (0.01, 0.1, 0.5, 1.0)]
    for row in (0, 17):
        scores = model.table[row:row + 1].detach()
        for name, value, warper in filters:
            after = warper(torch.tensor([[1]]), scores)[0]
            yield dict(filter=name, value=value, row=row,
                       after=[None if x == float("-inf") else round(x, 5) for x in after.tolist()])


# Tiny checkpoints. Weights are spread, so that the scores of tokens lie apart.

POSITIONS = 40
WORDS = ["<pad>", "</s>", "<unk>"] + (
    "the a house cat dog small big is was in on and not it he she das die der ein eine haus katze hund klein gross ist "
    "war im auf und nicht es er sie . , ! ? river bank money person refuse can to by lend sees").split()
BYTES_END = "<|endoftext|>"


def word_tokenizer():
    """Splits at spaces; the end token stands behind every text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return tokenizer, dict(pad_token="<pad>", eos_token="</s>", unk_token="<unk>")


def byte_tokenizer():
    """A token for each byte, as GPT-2 spells them, and a few pairs."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("i", "n"), ("e", "r")]
    vocabulary = {token: i for i, token in enumerate(alphabet + [a + b for a, b in merges] + [BYTES_END])}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([BYTES_END])
    return tokenizer, dict(eos_token=BYTES_END, bos_token=BYTES_END)


def checkpoints():
    """Name, model, tokenizer, and what generation_config.json says."""
    from transformers import (BartConfig, BartForConditionalGeneration, GPT2Config, GPT2LMHeadModel, LlamaConfig,
                              LlamaForCausalLM, MarianConfig, MarianMTModel, T5Config, T5ForConditionalGeneration)
    yield "gpt2", GPT2LMHeadModel(GPT2Config(
        vocab_size=262, n_positions=60, n_embd=15, n_layer=2, n_head=3, bos_token_id=261, eos_token_id=261,
    )), byte_tokenizer(), dict(eos_token_id=261)
    yield "llama", LlamaForCausalLM(LlamaConfig(
        vocab_size=53, hidden_size=24, intermediate_size=35, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, head_dim=6, max_position_embeddings=64, bos_token_id=1, eos_token_id=[2, 17],
        tie_word_embeddings=False)), None, dict(eos_token_id=[2, 17])
    yield "t5", T5ForConditionalGeneration(T5Config(
        vocab_size=len(WORDS), d_model=14, d_kv=5, d_ff=29, num_layers=2, num_decoder_layers=2, num_heads=3,
        relative_attention_num_buckets=8, relative_attention_max_distance=16, feed_forward_proj="gated-gelu",
        decoder_start_token_id=0, tie_word_embeddings=False)), word_tokenizer(), dict(
            eos_token_id=1, pad_token_id=0, decoder_start_token_id=0)
    yield "marian", MarianMTModel(MarianConfig(
        vocab_size=len(WORDS), d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=2, encoder_ffn_dim=31, decoder_ffn_dim=29, max_position_embeddings=POSITIONS,
        activation_function="swish", scale_embedding=True, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
        forced_eos_token_id=1)), word_tokenizer(), dict(
            eos_token_id=1, pad_token_id=0, decoder_start_token_id=0, forced_eos_token_id=1, num_beams=4, max_length=20,
            bad_words_ids=[[0]])
    yield "bart", BartForConditionalGeneration(BartConfig(
        vocab_size=59, d_model=15, encoder_layers=2, decoder_layers=2, encoder_attention_heads=5,
        decoder_attention_heads=3, encoder_ffn_dim=23, decoder_ffn_dim=19, max_position_embeddings=POSITIONS,
        bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=2)), None, dict(
            bos_token_id=0, eos_token_id=2, pad_token_id=1, decoder_start_token_id=2, forced_bos_token_id=0,
            forced_eos_token_id=2, num_beams=4, length_penalty=2.0, min_length=6, max_length=18, no_repeat_ngram_size=3,
            early_stopping=True)


def spread(model, name):
    """Wide weights; positions matter, so that not one token is repeated, and the end token is likely now and then."""
    tensors = [(path, p) for path, p in model.named_parameters() if p.requires_grad]
    tensors += [(path, b) for path, b in model.named_buffers() if path == "final_logits_bias"]
    for path, tensor in sorted(tensors, key=lambda pair: pair[0]):
        generator = torch.Generator().manual_seed(zlib.crc32((name + path).encode()))
        noise = torch.randn(tensor.shape, generator=generator)
        if ("norm" in path or ".ln_" in path) and path.endswith("weight"):
            tensor.data = 1 + 0.3 * noise
        elif path.endswith("bias"):
            tensor.data = 0.1 * noise
        elif "wpe" in path or "embed_positions" in path:
            tensor.data = 1.2 * noise
        elif "wte" in path or "shared" in path:
            tensor.data = (0.15 if name == "marian" else 0.3) * noise  # small, or the tied head would find its own input again
        else:
            tensor.data = 0.8 * noise
    head = model.get_output_embeddings().weight
    for end in model.config.eos_token_id if isinstance(model.config.eos_token_id, list) else [model.config.eos_token_id]:
        head.data[end] *= 1.7
    model.tie_weights()


def model_cases(encoder_decoder):
    one = dict(num_beams=1)
    yield dict(**one, max_new_tokens=24)
    yield dict(**one, max_new_tokens=16, min_new_tokens=16)
    yield dict(**one, max_new_tokens=12, repetition_penalty=1.4)
    yield dict(**one, max_new_tokens=12, no_repeat_ngram_size=2)
    yield dict(**one, max_new_tokens=9, suppress_tokens=[5, 9, 12], begin_suppress_tokens=[3, 7])
    if encoder_decoder:
        yield dict(**one, max_new_tokens=10, encoder_no_repeat_ngram_size=1)
        yield dict(**one, max_new_tokens=7, forced_bos_token_id=11)
    yield dict()
    for penalty, early in ((0.6, True), (1.0, False), (2.0, "never"), (-0.5, False)):
        yield dict(num_beams=4, num_return_sequences=2, length_penalty=penalty, early_stopping=early, max_new_tokens=12)
    yield dict(num_beams=3, max_new_tokens=10, repetition_penalty=1.3, no_repeat_ngram_size=2, min_new_tokens=6)


def model_continuations(model, options, prompt, encoder_decoder):
    output = model.generate(
        torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), do_sample=False,
        return_dict_in_generate=True, output_scores=True, **options)
    beams = options.get("num_beams", model.generation_config.num_beams or 1) > 1
    transitions = model.compute_transition_scores(
        output.sequences, output.scores, output.beam_indices if beams else None, normalize_logits=not beams)
    ends = model.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    result = []
    for i, sequence in enumerate(output.sequences.tolist()):
        ids = sequence[1 if encoder_decoder else len(prompt):]
        end = next((at for at, token in enumerate(ids) if token in ends), len(ids) - 1) + 1
        one = dict(ids=ids[:end], log_probabilities=[round(x, 4) for x in transitions[i].tolist()[:end]])
        if beams:
            one["score"] = round(output.sequences_scores[i].item(), 5)
        result.append(one)
    return result


def write_checkpoint(folder, name, model, tokenizer, generation):
    path = os.path.join(folder, name)
    os.makedirs(path, exist_ok=True)
    spread(model, name)
    model.eval()
    model.generation_config = GenerationConfig(**generation)
    model.save_pretrained(path)
    if tokenizer is not None:
        tokenizer[0].save(os.path.join(path, "tokenizer.json"))
        with open(os.path.join(path, "tokenizer_config.json"), "w") as f:
            json.dump(dict(tokenizer_class="PreTrainedTokenizerFast", **tokenizer[1]), f, indent=1)
    encoder_decoder = model.config.is_encoder_decoder
    end = [1] if encoder_decoder else []
    prompts = [[11, 4] + end, [3, 8, 19, 21, 5, 8, 33] + end, [20] + end]
    cases = [dict(options=options, results=[model_continuations(model, options, p, encoder_decoder) for p in prompts])
             for options in model_cases(encoder_decoder)]
    with open(os.path.join(path, "generation.json"), "w") as f:
        f.write('{"prompts": ' + json.dumps(prompts) + ', "cases": [\n')
        f.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]}\n")


def main(folder):
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    model = Table(TableConfig(vocab_size=VOCABULARY), 1.5).eval()
    golden = dict(
        versions=dict(torch=torch.__version__, transformers=transformers.__version__),
        table=[[round(x, 3) for x in row] for row in model.table.tolist()],
        prompts=PROMPTS,
        filters=list(processors(model)),
        cases=[dict(options=options, results=[continuations(model, options, p) for p in PROMPTS])
               for options in cases()])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "table.json"), "w") as f:
        f.write("{\n")
        f.write(",\n".join(
            f'"{key}": ' + (json.dumps(value) if not isinstance(value, list) else
                            "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in value) + "\n]")
            for key, value in golden.items()))
        f.write("\n}\n")
    for checkpoint in checkpoints():
        write_checkpoint(folder, *checkpoint)


if __name__ == "__main__":
    main(sys.argv[1])

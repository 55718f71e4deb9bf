"""What Hugging Face's generate chooses, for the tests of heed.generation.

The model is a table: the scores of the next token are the row (3 * last + 5 * last but one + 7 * length) mod 41 of
a random matrix of 41 rows and 13 columns. So every step of every strategy is compared exactly, without a
Transformer in between. Each case has its options, in generate's own words, and for each prompt, run alone, the
continuations that generate returns, with scores where it gives any.

usage: make_generation.py DIR       writes DIR/table.json
"""
import json
import os
import sys

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


if __name__ == "__main__":
    main(sys.argv[1])

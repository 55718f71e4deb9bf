"""Writes chat templates and what transformers renders with them.

usage: python make_chat.py OUT_DIR

The templates are our own, in the shapes that instruct checkpoints use: ChatML, Llama 2, Llama 3, Mistral, Zephyr, Gemma and
one with tools and thoughts. chat.json has, for each, conversations with the text that `apply_chat_template` makes of them,
or the words with which it refuses. features.json has small expressions and what Jinja2, set up as transformers does, makes
of them.
"""
import json
import os
import sys
from datetime import datetime

from jinja2.exceptions import TemplateError
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils
from tokenizers import Tokenizer, models

CHATML = (
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}"
    "{{ '<|im_start|>system\\nYou are a helpful assistant<|im_end|>\\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")
LLAMA2 = """\
{%- if messages[0]['role'] == 'system' -%}
    {%- set rest = messages[1:] -%}
    {%- set system = messages[0]['content'] -%}
{%- else -%}
    {%- set rest = messages -%}
    {%- set system = false -%}
{%- endif -%}
{%- for message in rest -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{- raise_exception('Roles must take turns: user, assistant, user, assistant') -}}
    {%- endif -%}
    {%- if loop.index0 == 0 and system != false -%}
        {%- set content = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + message['content'] -%}
    {%- else -%}
        {%- set content = message['content'] -%}
    {%- endif -%}
    {%- if message['role'] == 'user' -%}
        {{- bos_token + '[INST] ' + content.strip() + ' [/INST]' -}}
    {%- elif message['role'] == 'assistant' -%}
        {{- ' ' + content.strip() + ' ' + eos_token -}}
    {%- endif -%}
{%- endfor -%}
"""
LLAMA3 = """\
{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Today: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""
MISTRAL = """\
{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set ns = namespace(index=0, last_user=-1) %}
{%- for message in loop_messages %}
    {%- if message.role == "user" %}{% set ns.last_user = loop.index0 %}{% endif %}
    {%- if message.role not in ["user", "assistant"] %}
        {{- raise_exception("Only user and assistant roles are supported, not " ~ message.role ~ "!") }}
    {%- endif %}
    {%- set ns.index = ns.index + 1 %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- else %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- endif %}
{%- endfor %}
{#- {{ ns.index }} messages, nothing is written of them #}
"""
ZEPHYR = """\
{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}"""
GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}"
    "{% set role = message['role'] %}{% endif %}"
    "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}")
THINKING = """\
{%- macro field(name, value) -%}
    <{{ name }}>{{ value }}</{{ name }}>
{%- endmacro -%}
{%- set ns = namespace(last=messages|length - 1, found=false) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if not ns.found and message.role == "user" and message.content is string %}
        {%- set ns.found = true %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role == 'assistant' %}
        {%- set content = message.content %}
        {%- set thought = '' %}
        {%- if '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and thought %}
            {{- field('think', thought) }}
        {%- endif %}
        {%- generation -%}{{- content }}{%- endgeneration -%}
    {%- else %}
        {{- '[' ~ message.role|upper ~ ':' ~ loop.index ~ '/' ~ loop.length ~ '] ' ~ (message.content if message.content else '-') }}
    {%- endif %}
    {{- '\\n' if not loop.last }}
{%- endfor %}
{{- {'roles': messages|map(attribute='role')|list, 'n': messages|length, 'x': none, 'ok': true, 'é': 1.5}|tojson }}
{%- for role in messages|map(attribute='role')|unique %}{{ role }},{% endfor %}
{%- for m in messages if m.role == 'user' %}{{ loop.index }}{% else %}nobody{% endfor %}
"""
TEMPLATES = {"chatml": CHATML, "llama-2": LLAMA2, "llama-3": LLAMA3, "mistral": MISTRAL, "zephyr": ZEPHYR, "gemma": GEMMA,
             "thinking": THINKING}
S = lambda content: {"role": "system", "content": content}
U = lambda content: {"role": "user", "content": content}
A = lambda content: {"role": "assistant", "content": content}
CHATS = [
    [U("Hello")],
    [S(" Be brief. "), U("  What is attention?\n"), A(" A weighted mean. "), U("Of what? 'Quotes' & <tags> \"too\"")],
    [U("Hi"), A("<think>\nhm, 🙂\n</think>\n\nHello, ನಮಸ್ಕಾರ"), U("Bye"), A("<think>so</think>Bye")],
    [U("One"), U("Two")],
    [A("I begin")],
    [{"role": "tool", "content": "42"}],
]
FEATURES = [
    "{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 5 }} {{ 7 / 2 }} {{ 1.0 }} {{ 1e3 }}",
    "{{ true }} {{ True }} {{ none }} {{ None }} {{ [1, 'a', none, 2.5] }} {{ {'a': [1], 'b': \"it's\"} }} {{ () }} {{ (1,) }}",
    "{{ 'a' if 0 else 'b' }}|{{ 'a' if [] }}|{{ not '' and 'x' or 'y' }}",
    "{{ 'abc'[0] }}{{ 'abc'[-1] }}{{ 'abcdef'[1:4] }}{{ 'abcdef'[::2] }}{{ 'abc'[::-1] }}{{ [1,2,3][:-1] }}",
    "{{ 'a' in 'cat' }} {{ 2 in [1,2] }} {{ 'k' in {'k': 1} }} {{ 3 not in [1] }}",
    "{{ 1 < 2 <= 2 != 3 }} {{ 'a' < 'b' }} {{ 1 == 1.0 }} {{ [1] == [1] }} {{ none == false }}",
    "{{ missing }}|{{ missing is defined }}|{{ missing|default('d') }}|{{ ''|default('d', true) }}|{{ none is none }}",
    "{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'aXbXc'.split('X', 1) }} {{ 'abc'.startswith('ab') }}",
    "{{ '--x-'.strip('-') }}|{{ '  x '.lstrip() }}|{{ 'xyz'.replace('y', '_') }}|{{ 'ab'.upper() }}|{{ 'Ab cd'.title() }}",
    "{{ {'a': 1, 'b': 2}.items()|list }} {{ {'a': 1}.get('z', 9) }} {{ {'a': 1}.keys()|list }} {{ {'b': 1}|length }}",
    "{% for k, v in {'x': 1, 'y': 2}.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for i in range(3) %}{{ loop.index }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.cycle('a', 'b') }} {% endfor %}",
    "{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% set x = 1 %}{% for i in [1,2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}",
    "{% set a, b = 1, 2 %}{{ b }}{{ a }}{% set t %}<{{ a }}>{% endset %}{{ t }}",
    "{{ ['b','a']|sort|join('-') }} {{ [3,1]|first }} {{ [3,1]|last }} {{ 'x'|string ~ 1 }} {{ '7'|int + 1 }} {{ 3.7|int }}",
    "{{ ['a', 'b']|tojson }} {{ {'q': '<&\\'>é'}|tojson }} {{ {'a': [1, {}]}|tojson(indent=2) }}",
    "{{ ' x '|trim }}|{{ 'hello world'|capitalize }}|{{ 'a b'|title }}|{{ [1,2,3]|reverse|list }}|{{ [1,2]|sum }}",
    "{{ messages|selectattr('role', 'equalto', 'user')|list|length }}{{ messages|rejectattr('role', 'equalto', 'user')|list|length }}",
    "{{ 'x' is string }} {{ 1 is number }} {{ [] is iterable }} {{ {} is mapping }} {{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ true is boolean }} {{ 1 is integer }} {{ 'a' is sequence }}",
    "a\n  {% if true %}\n    b\n  {% endif %}\nc\n",
    "a  {%- if true -%}  b  {%- endif -%}  c {#- x -#} d",
    "  {%+ if true %}x{% endif %}\n{{ 'y' }}\n\nz",
    "{% raw %}{{ not }} {% this %}{% endraw %}",
    "{{ '%s is %d' % ('x', 3) }} {{ 'tab\\tq\\'\"\\\\n' }} {{ \"\\u00e9\" }}",
    "{% macro m(a, b='B') %}[{{ a }}{{ b }}]{% endmacro %}{{ m('x') }}{{ m('x', b='y') }}",
    "{% filter upper %}abc{% endfilter %}{% with z = 5 %}{{ z }}{% endwith %}{{ z is defined }}",
    "{{ messages[0].role }}{{ messages[0]['role'] }}{{ messages[0].nothing is defined }}{{ messages[-1].content[:3] }}",
    "{{ 'a' ~ 1 ~ none ~ true ~ [1] }}{{ 'ab' * 2 }}{{ [0] + [1] }}{{ 'x'.join(['1', '2']) }}{{ 'abcabc'.find('c') }}",
    "{{ missing.field }}", "{{ none.x.y }}", "{% if %}", "{{ 1 + }}", "{% for %}", "{{ 'a' + 1 }}", "{{ nothing() }}", "{{ 'x'|nofilter }}",
    "{% unknown %}", "{{ raise_exception('no') }}", "{{ 1 // 0 }}", "{% if true %}", "{{ ''.__class__ }}",
]


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    fixed = datetime(2026, 2, 3, 4, 5, 6)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return fixed

    chat_template_utils.datetime = Clock
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()), bos_token="<s>", eos_token="</s>")

    def render(template, chat, prompt):
        try:
            return {"text": tokenizer.apply_chat_template(chat, chat_template=template, add_generation_prompt=prompt,
                                                          tokenize=False)}
        except (TemplateError, TypeError, ZeroDivisionError, AttributeError) as e:
            return {"refused": str(e)}

    cases = {name: {"template": template, "cases": [
        {"messages": chat, "prompt": prompt, **render(template, chat, prompt)} for chat in CHATS for prompt in (False, True)]}
        for name, template in TEMPLATES.items()}
    with open(os.path.join(out, "chat.json"), "w", encoding="utf-8") as file:
        json.dump(cases, file, ensure_ascii=False, indent=0)
    with open(os.path.join(out, "features.json"), "w", encoding="utf-8") as file:
        json.dump([{"template": template, **render(template, CHATS[1], False)} for template in FEATURES], file,
                  ensure_ascii=False, indent=0)


if __name__ == "__main__":
    main()

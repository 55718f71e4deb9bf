"""What sacreBLEU, scikit-learn, SciPy and torchmetrics say of outputs made up here, and a tiny GPT-2's perplexity.

python make_score.py score
sacrebleu 2.6.0, scikit-learn 1.9.1, scipy 1.17.1, torchmetrics 1.9.0 (its ROUGE follows Google's rouge-score), torch
2.13, transformers 5.18. Every text was written for this file.
"""
import json
import math
import os
import random
import sys

import numpy as np
from sacrebleu.metrics import BLEU, CHRF

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
HERE = os.path.dirname(os.path.abspath(__file__))

WORDS = "the a cat dog bank river sat stood on by in of money person lends refuses opens closed steep old , .".split()


def noisy(seed, n):
    """References of common words, and hypotheses that drop, swap and repeat some of them."""
    r = random.Random(seed)
    pairs = []
    for _ in range(n):
        ref = [r.choice(WORDS) for _ in range(r.randint(1, 14))]
        hyp = [w if r.random() < 0.75 else r.choice(WORDS) for w in ref if r.random() < 0.9]
        pairs.append((" ".join(hyp), [" ".join(ref)]))
    return pairs


CORPORA = {
    "plain": [
        ("The bank refuses to lend money.", ["The bank refuses to lend the money."]),
        ("A person stood by the river bank", ["The person was standing by the river bank"]),
        ("It was steep, old and closed.", ["It was steep, old, and closed."]),
        ("cats chase mice", ["The Cat chased the mouse"]),
    ],
    "scripts": [
        ("ನನ್ನ ಹೆಸರು ಅಜ್.", ["ನನ್ನ ಹೆಸರು ಅಜಯ್."]),
        ("ಕಡತವನ್ನು ತೆರೆಯಲು ಸಾಧ್ಯವಿಲ್ಲ: %s", ["ಕಡತ '%s' ತೆರೆಯಲಾಗಲಿಲ್ಲ"]),
        ("ರಾಜ್\u200cಕುಮಾರ್ ಬಂದರು", ["ರಾಜ್ಕುಮಾರ್ ಬಂದರು"]),
        ("मेरा नाम अज है।", ["मेरा नाम अजय है।"]),
        ("我喜欢河边的银行。", ["我喜欢河岸上的银行。"]),
        ("銀行は川の「そば」にあります。", ["銀行は川のそばにある。"]),
        ("البنك قريب من النهر؟", ["البنك بجانب النهر؟"]),
        ("I 😀 banks 🏦!", ["I 😀👍🏽 the banks 🏦!!"]),
        ("Straße und İstanbul ΟΔΟΣ", ["STRASSE und istanbul οδος"]),
    ],
    "awkward": [
        ("", ["nothing was said"]),
        ("something was said", [""]),
        ("", [""]),
        ("   \t ", [" "]),
        ("word", ["word"]),
        ("It costs $1,000.50 (or €900), i.e. 5-10% more.", ["It costs $1,000.50 (or 900 €), i.e., 5-10 % more."]),
        ("&quot;A &amp; B&quot; &lt;b&gt;", ["\"A & B\" <b>"]),
        ("well-known state-of-the-art 3-4 U.S. don't ...", ["well known state of the art 3 - 4 US do n't …"]),
        ("a.b,c 1.5,2 .5 5. ,x x, «quoted» “so” ‘and’ – so", ["a . b , c 1.5,2 .5 5 . , x x , \"quoted\" so"]),
        ("no\u00a0break thin\u2009space ideographic\u3000space line\u2028separator next\u0085line unit\u001fsep",
         ["no break thin space ideographic space line separator next line unit sep"]),
        ("<skipped>tab\tseparated  twice   thrice", ["tab separated twice thrice"]),
        ("@user #tag ~x^y_z`w{v}|u\\t[s]", ["@user #tag ~ x ^ y _ z ` w { v } | u \\ t [ s ]"]),
        ("½ ² ٣.٤ Ⅷ, 十.五", ["½ ² ٣ . ٤ Ⅷ , 十 . 五"]),
        ("(hi) !? ' a", ["( hi ) ! ? '"]),
    ],
    "references": [
        ("the cat sat on the mat", ["the cat is on the mat", "there is a cat on the mat", "a cat sat upon a mat"]),
        ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat", "the"]),
        ("It opens at nine.", ["It will open at nine.", "It opens at 9.", "Opening time is nine o'clock."]),
        ("five words are in here", ["four words in here", "six words or so in here", "other"]),
    ],
    "noisy": noisy(7, 41),
}
BLEUS = [dict(tokenize=t) for t in ("13a", "intl", "char", "none")]
BLEUS += [dict(lowercase=True), dict(lowercase=True, tokenize="intl")]
BLEUS += [dict(smooth_method="floor"), dict(smooth_method="floor", smooth_value=0.3), dict(smooth_method="add-k"),
          dict(smooth_method="add-k", smooth_value=2), dict(smooth_method="none"), dict(effective_order=True),
          dict(max_ngram_order=2), dict(smooth_method="none", effective_order=True)]
CHRFS = [dict(), dict(word_order=2), dict(word_order=1), dict(char_order=4, beta=1), dict(beta=3, lowercase=True),
         dict(whitespace=True), dict(word_order=2, lowercase=True, whitespace=True)]


def texts():
    cases = []
    for name, corpus in CORPORA.items():
        hyps = [h for h, _ in corpus]
        refs = [list(column) for column in zip(*[r for _, r in corpus])]
        for metric, kinds in ((BLEU, BLEUS), (CHRF, CHRFS)):
            for options in kinds:
                m = metric(**options)
                corpus_score = m.corpus_score(hyps, refs)
                each = metric(**{**options, **({"effective_order": True} if metric is BLEU else {})})
                cases.append(dict(
                    corpus=name, metric=metric.__name__, options=options, score=corpus_score.score,
                    line=corpus_score.format(width=2, signature=m.get_signature().format()).replace(
                        "|version:" + m.get_signature().info["version"], ""),
                    sentences=[each.sentence_score(h, r).score for h, r in corpus]))
    corpora = {n: dict(hypotheses=[h for h, _ in c], references=[r for _, r in c]) for n, c in CORPORA.items()}
    return dict(corpora=corpora, cases=cases)


def significance():
    """p-values of sacreBLEU's paired bootstrap, which draws other samples than ours: equal but for chance."""
    from sacrebleu.significance import PairedTest
    pairs = noisy(11, 120)
    refs = [[r[0] for _, r in pairs]]
    base = [h for h, _ in pairs]
    r = random.Random(5)
    systems = dict(base=base)
    for name, rate in (("slightly", 0.03), ("better", 0.4)):  # so many words are corrected
        systems[name] = [" ".join(g if r.random() < rate else w for w, g in zip(h.split(), t.split()))
                         + ("" if r.random() > rate else " " + " ".join(t.split()[len(h.split()):]))
                         for h, t in zip(base, refs[0])]
    scores, found = {}, {}
    named = list(systems.items())
    _, results = PairedTest(named, {"BLEU": BLEU(), "chrF2": CHRF()}, refs, "bs", 5000)()
    for metric in ("BLEU", "chrF2"):
        found[metric] = [dict(score=x.score, p=x.p_value, mean=float(x.mean), ci=float(x.ci)) for x in results[metric]]
    return dict(references=refs[0], systems=systems, results=found)


def rouge():
    from torchmetrics.functional.text.rouge import rouge_score
    corpus = CORPORA["plain"] + CORPORA["references"] + CORPORA["awkward"] + CORPORA["noisy"][:12]
    cases = []
    for hyp, refs in corpus:
        s = rouge_score([hyp], [refs], rouge_keys=("rouge1", "rouge2", "rougeL"), accumulate="best")
        cases.append(dict(hypothesis=hyp, references=refs, **{k: round(v.item(), 7) for k, v in s.items()}))
    return cases


def labels():
    from sklearn import metrics as sk
    from sklearn.preprocessing import MultiLabelBinarizer
    r = random.Random(3)
    cases = []
    for names, n, right in ((["ham", "spam"], 23, 0.7), (["a", "b", "c", "d"], 47, 0.5), (["x", "y", "z"], 11, 0.2)):
        gold = [r.choice(names[:-1] if len(names) == 3 else names) for _ in range(n)]  # z is never right
        given = [g if r.random() < right else r.choice(names) for g in gold]
        case = dict(given=given, gold=gold, accuracy=sk.accuracy_score(gold, given),
                    matthews=sk.matthews_corrcoef(gold, given), labels=sorted(set(gold) | set(given)),
                    confusion=sk.confusion_matrix(gold, given).tolist())
        for average in ("macro", "micro", "weighted", None):
            p, rec, f, s = sk.precision_recall_fscore_support(gold, given, average=average, zero_division=0)
            case[str(average)] = [np.asarray(v).tolist() for v in (p, rec, f)]
        cases.append(case)
    sets = []
    names = ["insult", "none", "spam", "threat"]
    gold = [[x for x in names if r.random() < 0.4] for _ in range(29)]
    given = [[x for x in names if (x in g) != (r.random() < 0.2)] for g in gold]
    binarizer = MultiLabelBinarizer(classes=names)
    g, p = binarizer.fit_transform(gold), binarizer.transform(given)
    multi = dict(given=given, gold=gold, accuracy=sk.accuracy_score(g, p))
    for average in ("macro", "micro", "weighted", None):
        multi[str(average)] = [np.asarray(v).tolist() for v in
                               sk.precision_recall_fscore_support(g, p, average=average, zero_division=0)[:3]]
    return dict(single=cases, multi=multi)


def rankings():
    from scipy import stats
    from sklearn import metrics as sk
    r = np.random.default_rng(9)
    cases = []
    for n, steps in ((7, 3), (61, 5), (61, 1000), (40, 1)):  # few steps: many ties
        gold = (r.random(n) < 0.3).astype(int)
        gold[:2] = [0, 1]
        scores = np.round((gold * 0.4 + r.random(n)) * steps) / steps
        other = np.round((scores + r.standard_normal(n)) * steps) / steps
        cases.append(dict(scores=scores.tolist(), gold=gold.tolist(), other=other.tolist(),
                          roc=sk.roc_auc_score(gold, scores), ap=sk.average_precision_score(gold, scores),
                          pearson=stats.pearsonr(scores, other)[0], spearman=stats.spearmanr(scores, other)[0]))
    return cases


def perplexity():
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    folder = os.path.join(HERE, "../resources/golden/generation/gpt2")
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = " ".join(h for h, _ in noisy(13, 9))
    ids = tokenizer(text, return_tensors="pt").input_ids
    cases = []
    for context, stride in ((model.config.n_positions, 1), (13, 7), (11, 10), (5, 2), (2, 1)):
        total, scored, done = 0.0, 0, 0
        for begin in range(0, ids.size(1), stride):  # the rule of transformers' page on fixed-length models
            end = min(begin + context, ids.size(1))
            fresh = end - done
            window = ids[:, begin:end]
            with torch.no_grad():
                logits = model(window).logits.double()
            log = torch.log_softmax(logits[0, :-1], -1).gather(1, window[0, 1:, None])[:, 0]
            kept = log[-fresh:] if fresh < len(log) else log
            total, scored, done = total - kept.sum().item(), scored + len(kept), end
            if end == ids.size(1):
                break
        cases.append(dict(context=context, stride=stride, tokens=scored, nll=total))
    return dict(text=text, ids=ids[0].tolist(), cases=cases)


for name, make in dict(texts=texts, significance=significance, rouge=rouge, labels=labels, rankings=rankings,
                       perplexity=perplexity).items():
    with open(os.path.join(OUT, name + ".json"), "w", encoding="utf-8", newline="\n") as f:
        json.dump(make(), f, ensure_ascii=False, separators=(",", ":"))
        f.write("\n")

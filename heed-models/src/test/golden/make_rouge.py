"""ROUGE of summaries of several sentences, with and without stemming, and the stems of NLTK's Porter stemmer.

python make_rouge.py score
torchmetrics 1.9.0, whose functions follow Google's rouge-score line by line (sentences are lines, as there), nltk 3.10.
Every text was written for this file; the words are Porter's examples and others.
"""
import json
import os
import random
import sys

from nltk.stem.porter import PorterStemmer
from torchmetrics.functional.text import rouge as tm

OUT = sys.argv[1]

STEMS = """caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned
falling hissing fizzed failing filing happy sky relational conditional rational valenci hesitanci digitizer conformabli
radicalli differentli vileli analogousli vietnamization predication operator feudalism decisiveness hopefulness callousness
formaliti sensitiviti sensibiliti triplicate formative formalize electriciti electrical hopeful goodness revival allowance
inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption homologou communism
activate angulariti homologous effective bowdlerize probate rate cease controll roll dies died flies flied dying lying tying
news innings outings cannings howe proceed exceed succeed skies enjoy say by my crying cried agree used being geologi apologi
theologi beautifulli usefulli gradualli generalli rationalli sixties 1990s a4 ab9ing yes yours oboe eye eyed aged owed egg ed
ing ies oxen x xy yyy sees seed need kneed speeding bleed relating hated bubbled wizing buzzing filling missed add added
oed aing axed ably possibly able stables nations national nationally connection connected connecting connections""".split()

SENTENCES = """The banks opened their doors early .
Nobody was refused a loan in the morning .
Persons standing by the river were watching the boats .
The oldest boat sank slowly , and its owners cried .
Lending money is easier than being repaid .
A happy lender opens another bank .
The bankers' connections helped , as connections do .
Many banks were closed by noon .
Its owner was crying by the riverside .
The doors of banks close slowly .""".split("\n")


def cases():
    r = random.Random(5)
    found = []
    for _ in range(24):
        reference = r.sample(SENTENCES, r.randint(1, 4))
        summary = r.sample(reference, r.randint(0, len(reference))) + r.sample(SENTENCES, r.randint(0, 2))
        words = [" ".join(w for w in s.split() if r.random() < 0.8) for s in summary]
        found.append(("\n".join(words), ["\n".join(reference)]))
    found += [("", ["The banks opened ."]), ("Banks", [""]), ("a b a\n\nb a", ["a a\nb b a"]), ("a\nb", ["b a"]),
              ("the the the\nthe", ["the cat\nthe dog"]), ("The bank closes\nbanks close", ["bank close\nThe banks closed"]),
              (SENTENCES[0] + "\n" + SENTENCES[7], ["\n".join(SENTENCES[5:8]), "\n".join(SENTENCES[0:2])])]
    return found


def compared(hypothesis, reference, stems):
    def words(text):
        return tm._normalize_and_tokenize_text(text, stemmer if stems else None)

    def sentences(text):
        return [words(line) for line in text.split("\n") if line]

    said, expected = words(hypothesis), words(reference)
    return dict(rouge1=tm._rouge_n_score(said, expected, 1), rouge2=tm._rouge_n_score(said, expected, 2),
                rougeL=tm._rouge_l_score(said, expected),
                rougeLsum=tm._rouge_lsum_score(sentences(hypothesis), sentences(reference)))


def scores():
    result = []
    for hypothesis, references in cases():
        case = dict(hypothesis=hypothesis, references=references)
        for stems in (False, True):
            found = [compared(hypothesis, reference, stems) for reference in references]
            best = {kind: max((f[kind] for f in found), key=lambda m: m["fmeasure"]) for kind in found[0]}
            case["stems" if stems else "plain"] = {
                kind: [round(m[part].item(), 7) for part in ("fmeasure", "precision", "recall")]
                for kind, m in best.items()}
        result.append(case)
    return result


stemmer = PorterStemmer()
with open(os.path.join(OUT, "rouge_score.json"), "w") as f:
    json.dump(dict(stems={word: stemmer.stem(word) for word in STEMS}, scores=scores()), f, indent=0)

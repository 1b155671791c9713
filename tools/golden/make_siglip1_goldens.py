#!/usr/bin/env python3
"""Adds to tests/inputs/clip tiny random-weight SigLIP models with their Unigram tokenizers, and what transformers computes.

    python3 tools/golden/make_siglip1_goldens.py tests/inputs/clip [FOLDER]

Needs torch, transformers, tokenizers and sentencepiece (made with transformers 5.23, torch 2.15, tokenizers 0.23, sentencepiece
0.2.3). The files beside each model are those of make_siglip_goldens.py, and digests.txt, what SentencePiece gives for 10,000 lines
(tokenizer_digests.py) after the processor's own cleaning, canonical() below. FOLDER, if given, gets a tokenizer with
SentencePiece's whole table nmt_nfkc, too large to commit, to be checked by

    ELANUS_TOKENIZERS=FOLDER build/dev/clip_test --gtest_filter='TokenizerDigests.*'

and a count of the lines in which other implementations differ is printed: SiglipTokenizer of transformers and the
tokenizer.json in Hugging Face's tokenizers."""
import base64
import io
import string
import sys
from pathlib import Path

import sentencepiece
import torch
from make_siglip_goldens import make, tower
from sentencepiece import sentencepiece_model_pb2
from tokenizer_digests import write_digests
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from lines import WORDS, lines  # isort: skip

SPACE = {*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
# A selection of what nmt_nfkc does: several characters to one, one to several, to nothing, to a space; prefixes of each other.
RULES = {"\u200b": "", "\ufeff": "", "\u00a0": " ", "\u3000": " ", "ﬁ": "fi", "½": "1⁄2", "①": "1", "㈱": "(株)", "㎏": "kg", "Ⅷ": "VIII",
         "ｶﾞ": "ガ", "ｷﾞ": "ギ", "ｶ": "カ", "ｷ": "キ", "ﾞ": " \u3099", "e\u0301": "é", "a\u0301": "á", "a\u0323\u0301": "ạ\u0301",
         "！": "!", "，": ",", "…": "...", "ﷺ": "صلى الله عليه وسلم", **{chr(c + 0xFEE0): chr(c) for c in range(0x30, 0x7B) if chr(c).isalnum()}}

MODELS = {
    "siglip-f16": dict(dtype=torch.float16, form="spiece.model", text=dict(tower(32, 2, 72, 2), max_position_embeddings=24, projection_size=48),
                       vision=dict(tower(48, 3, 90, 2), image_size=30, patch_size=10)),
    "siglip-f32": dict(dtype=torch.float32, form="tokenizer.json", text=dict(tower(24, 3, 50, 2), max_position_embeddings=64),
                       vision=dict(tower(24, 2, 60, 2), image_size=32, patch_size=8)),
}


def canonical(text):
    """SiglipTokenizer.canonicalize_text, code point by code point: no final sigma, and white space as Unicode has it."""
    kept = "".join(lower for c in text for lower in c.lower() if lower not in string.punctuation)
    return "".join(" " if ord(c) in SPACE else c for c in kept)


def train(rules, pieces):
    """A model of the lines, and its parts."""
    folder = Path("/tmp/elanus-rules.tsv")
    if rules:
        folder.write_text("".join("%s\t%s\n" % tuple(" ".join(f"{ord(c):X}" for c in side) for side in rule) for rule in rules.items()))
    how = dict(normalization_rule_tsv=str(folder)) if rules else dict(normalization_rule_name="nmt_nfkc")
    model = io.BytesIO()
    words = [line for line in lines(4000) if any(word in line for word in WORDS[:50])]
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=(canonical(line).replace("\0", "") for line in words), model_writer=model,
                                             vocab_size=pieces, model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
                                             character_coverage=1, minloglevel=2, **how)
    return model.getvalue(), sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())


def tokenizer_json(proto):
    """As it is published for SigLIP: SentencePiece's steps one by one."""
    tokenizer = Tokenizer(models.Unigram([(p.piece, p.score) for p in proto.pieces], unk_id=2))
    punctuation = "[" + "".join("\\" + c for c in string.punctuation) + "]"
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Lowercase(), normalizers.Replace(Regex(punctuation.replace("[\\!", "[!")), ""), normalizers.Replace(Regex(r"\s+"), " "),
        normalizers.Strip(), normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap), normalizers.Strip(),
        normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens([AddedToken(t, lstrip=True, rstrip=True, normalized=False) for t in ("</s>", "<unk>")])
    return tokenizer


def write_tokenizer(folder, form, rules=RULES, pieces=600):
    folder.mkdir(parents=True, exist_ok=True)
    model, proto = train(rules, pieces)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    if form == "spiece.model":
        (folder / form).write_bytes(model)
    else:
        tokenizer_json(proto).save(str(folder / form), pretty=False)

    def encode(text):
        for token, number in (("</s>", 1), ("<unk>", 2)):
            if token in text:
                before, _, after = text.partition(token)
                return [*encode(before), number, *encode(after)]
        return processor.encode(" ".join(canonical(text).split(" ")).strip(" "))

    write_digests(folder, encode)
    return encode, proto


def writer_of(form):
    """For make(): the tokenizer's file in this form."""
    def write(folder):
        encode, proto = write_tokenizer(folder, form)

        def padded(texts, context):
            rows = [encode(text)[:context - 1] + [1] for text in texts]
            return [row + [1] * (context - len(row)) for row in rows]

        return dict(vocab_size=len(proto.pieces), pad_token_id=1, bos_token_id=0, eos_token_id=1), padded

    return write


def report(folder):
    """Other implementations beside SentencePiece, on the same lines."""
    from transformers import SiglipTokenizer
    write_tokenizer(folder / "nmt_nfkc-json", "tokenizer.json", None)
    encode, _ = write_tokenizer(folder / "nmt_nfkc", "spiece.model", None)
    fast, slow = Tokenizer.from_file(str(folder / "nmt_nfkc-json/tokenizer.json")), SiglipTokenizer(str(folder / "nmt_nfkc/spiece.model"))
    for name, other in (("tokenizers", lambda t: fast.encode(t, add_special_tokens=False).ids),
                        ("SiglipTokenizer", lambda t: slow(t, add_special_tokens=False)["input_ids"])):
        different = [line for line in lines(10000) if other(line) != encode(line)]
        print(name, "differs in", len(different), "of 10000 lines, for example", different[:12])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    for number, (name, spec) in enumerate(MODELS.items()):
        make(Path(sys.argv[1]) / name, spec, seed=number + 401, write_tokenizer=writer_of(spec["form"]))
    if len(sys.argv) == 3:
        report(Path(sys.argv[2]))

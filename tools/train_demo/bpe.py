"""Byte-level BPE in CLIP's own format: learned from texts, written as the files of a transformers tokenizer."""
import json
import os

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

LENGTH = 48
PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
START, END = "<|startoftext|>", "<|endoftext|>"


def bytes_to_unicode():
    """CLIP's printable stand-in for every byte, in CLIP's order."""
    bs = [*range(33, 127), *range(161, 173), *range(174, 256)]
    cs, n = bs[:], 0
    for b in range(256):
        if b not in bs:
            bs.append(b)
            cs.append(256 + n)
            n += 1
    return [chr(c) for c in cs]


def learn(corpus, size, word_list):
    """(vocabulary, merges) from the texts; the list's words, each once, teach the pieces that other words fall into."""
    if word_list and os.path.exists(word_list):
        with open(word_list, encoding="utf-8") as f:
            common = sorted({w.strip().lower() for w in f if w.strip().isalpha() and len(w) < 14})
        corpus = [*corpus, " ".join(common)]
    tok = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tok.normalizer = normalizers.Lowercase()
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    alphabet = bytes_to_unicode()
    tok.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, min_frequency=2, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False))
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in json.loads(tok.to_str())["model"]["merges"]]
    vocab = alphabet + [c + "</w>" for c in alphabet] + ["".join(m) for m in merges]
    vocab = list(dict.fromkeys(vocab)) + [START, END]
    return {t: i for i, t in enumerate(vocab)}, merges


def write(out, vocab, merges):
    """The files of a transformers tokenizer, which open_clip's folders have beside them too."""
    os.makedirs(out, exist_ok=True)
    with open(f"{out}/vocab.json", "w", encoding="utf-8") as f:
        json.dump(vocab, f, ensure_ascii=False)
    with open(f"{out}/merges.txt", "w", encoding="utf-8") as f:
        f.write("#version: 0.2\n" + "".join(f"{x} {y}\n" for x, y in merges))
    special = {"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": END}
    with open(f"{out}/special_tokens_map.json", "w") as f:
        json.dump(special, f, indent=2)
    with open(f"{out}/tokenizer_config.json", "w") as f:
        json.dump({"tokenizer_class": "CLIPTokenizer", "model_max_length": LENGTH, "do_lower_case": True,
                   "add_prefix_space": False, "errors": "replace", **special}, f, indent=2)

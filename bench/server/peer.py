"""The seeds' way with today's parts: Gradio, and beside it a bare FastAPI, over the same model in ONNX Runtime and NumPy.
PEER_FOLDER: text.onnx, tokenizer, vectors.npy, names.txt. Run by uvicorn, one worker process per CPU."""
import os

import gradio
import numpy as np
import onnxruntime
from fastapi import FastAPI
from tokenizers import Tokenizer

folder = os.environ["PEER_FOLDER"]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1  # a process per CPU: quicker than threads that share both
session = onnxruntime.InferenceSession(f"{folder}/text.onnx", options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
vectors = np.load(f"{folder}/vectors.npy").astype(np.float32)
names = open(f"{folder}/names.txt").read().splitlines()
app = FastAPI()


def hits(words, k):
    tokens = np.array([tokenizer.encode(words).ids], np.int64)
    cosines = vectors @ session.run(None, {"x": tokens})[0][0]
    best = np.argpartition(-cosines, min(k, len(cosines) - 1))[:k]
    best = best[np.argsort(-cosines[best])]
    return [{"path": names[i], "cosine": float(cosines[i])} for i in best]


# Not handed to a thread: the work is shorter than the way there.
@app.get("/v1/search")
async def search(q: str, k: int = 10):
    return {"query": q, "hits": hits(q, k)}


async def called(words: str):
    return hits(words, 10)


# The quickest of Gradio's ways: no queue, no pictures in the answer.
with gradio.Blocks(analytics_enabled=False) as blocks:
    words, found = gradio.Textbox(), gradio.JSON()
    words.submit(called, words, found, api_name="search", queue=False, show_progress="hidden")
app = gradio.mount_gradio_app(app, blocks, "/gradio")

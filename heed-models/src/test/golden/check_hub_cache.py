"""Checks by hand that Python's huggingface_hub and Heed share one cache.

usage: python check_hub_cache.py FOLDER HEED

Serves the Hugging Face folder FOLDER as acme/tiny with the hub's protocol, then
1. has Heed (the command HEED, such as ./heed) pull it, and asks huggingface_hub where the files are, offline;
2. empties the cache, has huggingface_hub fetch it, and asks Heed for it with HF_HUB_OFFLINE=1.
"""
import hashlib
import http.server
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 10_000


def etag(content):
    if len(content) >= LARGE:
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def handler(folder):
    names = sorted(name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name)))

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_HEAD(self):
            self.answer(False)

        def do_GET(self):
            self.answer(True)

        def answer(self, with_body):
            path = self.path.split("?")[0]
            if path.startswith("/api/models/acme/tiny"):
                siblings = [{"rfilename": name} for name in names]
                body = json.dumps({"id": "acme/tiny", "sha": COMMIT, "siblings": siblings}).encode()
                return self.send(200, body, {"Content-Type": "application/json"}, with_body)
            prefix = "/acme/tiny/resolve/"
            name = path[len(prefix):].split("/", 1)[-1] if path.startswith(prefix) else ""
            if name not in names:
                return self.send(404, b"", {"X-Error-Code": "EntryNotFound"}, with_body)
            with open(os.path.join(folder, name), "rb") as file:
                body = file.read()
            return self.send(200, body, {"ETag": f'"{etag(body)}"', "X-Repo-Commit": COMMIT}, with_body)

        def send(self, status, body, headers, with_body):
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

    return Handler, names


def main():
    folder, heed = sys.argv[1], shlex.split(sys.argv[2])
    make, names = handler(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HF_ENDPOINT=f"http://127.0.0.1:{server.server_port}", HF_HOME=home)
        from huggingface_hub import hf_hub_download, scan_cache_dir, try_to_load_from_cache

        out = subprocess.run(heed + ["models", "pull", "hf:acme/tiny"], capture_output=True, text=True, check=True)
        print("Heed pulled to", out.stdout.strip())
        for name in ("config.json", "model.safetensors"):
            path = try_to_load_from_cache("acme/tiny", name)
            assert isinstance(path, str), (name, path)
            with open(path, "rb") as ours, open(os.path.join(folder, name), "rb") as original:
                assert ours.read() == original.read(), name
        report = scan_cache_dir()
        assert not report.warnings, report.warnings
        print("huggingface_hub finds", [repo.repo_id for repo in report.repos], "of", report.size_on_disk, "bytes")

        shutil.rmtree(os.path.join(home, "hub"))
        for name in names:
            print("huggingface_hub fetched", hf_hub_download("acme/tiny", name))
        server.shutdown()
        offline = dict(os.environ, HF_HUB_OFFLINE="1")
        for command in (["models", "show", "hf:acme/tiny"], ["models", "list"]):
            out = subprocess.run(heed + command, capture_output=True, text=True, check=True, env=offline)
            print(out.stdout)
            assert "acme" in out.stdout, out.stdout


main()

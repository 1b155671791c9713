"""A program that does one thing for each line, and prints how many milliseconds it took."""
import subprocess


class Worker:
    def __init__(self, *command):
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, what=""):
        """Milliseconds, and what else it printed."""
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        ms, *rest = self.process.stdout.readline().split()
        return float(ms), rest

    def close(self):
        self.process.stdin.close()
        self.process.wait()

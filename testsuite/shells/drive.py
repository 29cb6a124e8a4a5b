# SPDX-License-Identifier: LGPL-2.1-or-later
"""drive.py - what bash, zsh and fish offer after a command line.

Each is started as a user has it, bash and zsh on a terminal of their own.  These
two are made to put all that they offer into the line, which is then printed
word by word; fish has a command for it.
"""

import os
import pty
import select
import subprocess
import tempfile
import time

PROMPT = "ready@@ "
LIMIT = 20  # seconds for one answer; a guard against a shell that waits

BASH = """
PS1='{prompt}' HISTFILE=
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind '"\\C-t": insert-completions'
for file in {share}/bash-completion/completions/*; do . "$file"; done
"""

ZSH = """
PS1='{prompt}' HISTFILE= PROMPT_SP= PROMPT_EOL_MARK=
unsetopt zle_bracketed_paste beep prompt_cr prompt_sp
unset zle_bracketed_paste
fpath=({share}/zsh/site-functions $fpath)
autoload -Uz compinit && compinit -u -D
all-matches() {{ _main_complete; compstate[insert]=all compstate[list]= }}
zle -C all-matches complete-word all-matches
bindkey -e
bindkey '^T' all-matches
bindkey '^Y' list-choices
"""


class Terminal:
    """An interactive shell on a terminal."""

    def __init__(self, argv, env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, env)
        self.text = ""
        self.read_to(PROMPT)

    def send(self, text):
        os.write(self.fd, text.encode())

    def read_to(self, mark):
        """All up to and with the mark."""
        end = time.monotonic() + LIMIT
        while mark not in self.text:
            ready, _, _ = select.select([self.fd], [], [],
                                        max(0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(f"no {mark!r} after: {self.text!r}")
            try:
                self.text += os.read(self.fd, 65536).decode(errors="replace")
            except OSError as error:
                raise EOFError(f"the shell ended: {self.text!r}") from error
        got, _, self.text = self.text.partition(mark)
        return got

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


class Shell:
    """offers(line): the words offered in place of the last one, sorted.

    share is where the completions are installed: /usr/share."""

    rc_name = ""

    def __init__(self, share, path):
        self.env = {"PATH": path, "TERM": "dumb", "COLUMNS": "9999",
                    "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
        self.dir = tempfile.TemporaryDirectory()
        self.rc = os.path.join(self.dir.name, self.rc_name)
        self.share = share
        self.start()

    def write_rc(self, text):
        with open(self.rc, "w") as f:
            f.write(text.format(prompt=PROMPT, share=self.share))

    def words(self, line):
        """The line with all offers in place, word by word."""
        # Typed keys are echoed: the marks there must not look like ours.
        self.terminal.send(line + "\x14\x01printf '%s\\n' +''+ \x05 +''+\n")
        self.terminal.read_to("\n++")
        got = self.terminal.read_to("\n++")
        self.terminal.read_to(PROMPT)
        return got.replace("\r", "").split("\n")[1:]

    def offers(self, line):
        before = len(line.split()) - (not line.endswith(" "))
        typed = line.split(" ")[-1]
        offered = self.words(line)[before:]
        return sorted(w for w in offered if w != typed or not typed)

    def close(self):
        self.terminal.close()
        self.dir.cleanup()


class Bash(Shell):
    rc_name = "rc"

    def start(self):
        self.write_rc(BASH)
        self.terminal = Terminal(["bash", "--noprofile", "--rcfile", self.rc,
                                  "-i"], self.env)


class Zsh(Shell):
    rc_name = ".zshrc"

    def start(self):
        self.write_rc(ZSH)
        self.env["ZDOTDIR"] = self.dir.name
        self.terminal = Terminal(["zsh", "-d", "-i"], self.env)

    def listed(self, line):
        """The lines shown below, with the descriptions."""
        self.terminal.send(line + "\x19")
        time.sleep(1)
        self.terminal.send("\x15printf '%s\\n' +''+\n")
        got = self.terminal.read_to("\n++")
        self.terminal.read_to(PROMPT)
        return got


class Fish(Shell):
    def start(self):
        self.env["HOME"] = self.dir.name

    def listed(self, line):
        done = subprocess.run(
            ["fish", "-N", "-c",
             "set -p fish_function_path $argv[1]/fish/vendor_functions.d; "
             "for file in $argv[1]/fish/vendor_completions.d/*; source $file; "
             "end; "
             "complete -C $argv[2]", self.share, line],
            env=self.env, capture_output=True, text=True, timeout=LIMIT)
        if done.returncode or done.stderr:
            raise RuntimeError(done.stderr)
        return done.stdout

    def offers(self, line):
        typed = line.split(" ")[-1]
        return sorted({row.split("\t")[0]
                       for row in self.listed(line).splitlines()} - {typed})

    def close(self):
        self.dir.cleanup()


SHELLS = {"bash": Bash, "zsh": Zsh, "fish": Fish}

# SPDX-License-Identifier: LGPL-2.1-or-later
"""versions.py - measures for versions.sh.

Usage: versions.py ROOT PLAIN XZ

ROOT has the programs in /ours, /30 and /34; PLAIN and XZ are roots with one
release each.  Prints a table: the case, and the medians of the wall times in
ms.  The programs run in turn, so that other load on the machine hits all three.
"""

import os
import shutil
import statistics
import subprocess
import sys

import bench
import depmod

PROGRAMS = ("ours", "30", "34")

# Enters ROOT, then runs the commands in FILE... (NUL-terminated arguments) in
# turn, RUNS times.  Prints the times in ns, one line for each turn.
TURNS = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char **arguments(const char *path)
{
	static char text[4 << 20];
	char **argv = calloc(20000, sizeof *argv);
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(text, 1, sizeof text, f) : 0;
	char *copy = malloc(len + 1);

	memcpy(copy, text, len);
	for (size_t at = 0, n = 0; at < len && n < 19999; n++) {
		argv[n] = copy + at;
		at += strlen(copy + at) + 1;
	}
	fclose(f);
	return argv;
}

static long run(char **argv)
{
	static char *env[] = { "PATH=/sbin:/bin", NULL };
	struct timespec a, b;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &a);
	pid = vfork();
	if (pid == 0) {
		execve(argv[0], argv, env);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (WIFSIGNALED(status) || WEXITSTATUS(status) == 127) {
		dprintf(2, "%s failed\n", argv[0]);
		exit(1);
	}
	return (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec;
}

int main(int argc, char **argv)
{
	int runs = atoi(argv[2]), out = dup(1), null;
	char **commands[8];

	for (int i = 3; i < argc; i++)
		commands[i - 3] = arguments(argv[i]);
	if (chroot(argv[1]) < 0 || chdir("/") < 0)
		return 1;
	null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	for (int turn = 0; turn < runs; turn++) {
		for (int i = 0; i < argc - 3; i++)
			dprintf(out, "%ld ", run(commands[i]));
		dprintf(out, "\n");
	}
	return 0;
}
"""


class Versions:
    def __init__(self, root, plain, xz):
        self.root, self.tmp = root, os.path.dirname(root)
        self.plain, self.xz = plain, xz
        bench.compile_c(self.tmp, "turns", TURNS, "-static")

    def turns(self, commands, runs):
        """Lists of times in ms, one list for each command."""
        files = []
        for i, argv in enumerate(commands):
            files.append(f"{self.tmp}/argv{i}")
            with open(files[-1], "w") as f:
                f.write("".join(arg + "\0" for arg in argv))
        done = subprocess.run([f"{self.tmp}/turns", self.root, str(runs),
                               *files], capture_output=True, text=True,
                              check=True)
        lines = [line.split() for line in done.stdout.splitlines()]
        return [[int(t) / 1e6 for t in column] for column in zip(*lines)]

    def row(self, name, times):
        print(f"{name}\t" + "\t".join(f"{statistics.median(t):.3f}"
                                      for t in times), flush=True)

    def case(self, name, runs, tool, *args, ours=()):
        commands = [[f"/{p}/{tool}", *(ours if p == "ours" else ()), *args]
                    for p in PROGRAMS]
        self.turns(commands, 1)
        self.row(name, self.turns(commands, runs))

    def copy(self, source, name):
        depmod.copy(source, f"{self.root}/{name}")
        return depmod.release(source)

    def fake_kernel(self, tree):
        """/proc and /sys as with LOADED modules."""
        proc, sys_ = f"{self.root}/proc", f"{self.root}/sys"
        os.makedirs(proc)
        os.makedirs(sys_)
        with open(f"{proc}/cmdline", "w") as f:
            f.write("root=/dev/vda1 ro quiet\n")
        open(f"{proc}/modules", "w").close()
        bench.write_modules(self.tmp, bench.some_modules(tree))

    def loaded(self):
        shutil.copy(f"{self.tmp}/modules", f"{self.root}/proc/modules")
        shutil.copytree(f"{self.tmp}/module", f"{self.root}/sys/module",
                        symlinks=True)

    def modprobe(self):
        tree = f"{self.root}/lib/modules/{os.uname().release}"
        os.makedirs(os.path.dirname(tree), exist_ok=True)
        shutil.copytree(f"{self.plain}/lib/modules/"
                        f"{depmod.release(self.plain)}", tree, symlinks=True,
                        copy_function=depmod.link)
        self.fake_kernel(tree)
        self.case("modprobe -q UNKNOWN", 1000, "modprobe", "-q", "nosuchalias")
        self.case("modprobe -n nvme", 500, "modprobe", "-n", "nvme")
        self.case("modprobe -R of a PCI device", 500, "modprobe", "-R",
                  "pci:v00008086d000010D3sv00001028sd00000001bc02sc00i00")
        self.case("modprobe -a -R of 10,000 aliases", 15, "modprobe", "-q",
                  "-a", "-R", *bench.devices(10000, tree))
        self.case("modprobe -c", 31, "modprobe", "-c")
        self.loaded()
        self.case("lsmod", 300, "lsmod")

    def modinfo(self, name, source, root):
        release = self.copy(source, root)
        files = [f"{folder}/{file}"[len(self.root):] for folder, file in
                 depmod.modules(f"{self.root}/{root}")]
        self.case(f"modinfo of all modules, {name}", 5, "modinfo", *files)
        self.case(f"depmod, {name}", 7 if name == "plain" else 3, "depmod",
                  "-b", f"/{root}", release, ours=("--no-sync", "--no-cache"))
        self.added(name, root, release)

    def added(self, name, root, release):
        """One module was added after the last run."""
        folder, file = next(depmod.modules(f"{self.root}/{root}"))
        new = f"{folder}/added-{file}"
        commands = [[f"/{p}/depmod", *(("--no-sync", "--cache", f"/{root}.cache")
                                       if p == "ours" else ()),
                     "-b", f"/{root}", release] for p in PROGRAMS]
        self.turns(commands[:1], 2)
        times = [], [], []
        for _ in range(3):
            for column, argv in zip(times, commands):
                if os.path.exists(new):
                    os.unlink(new)
                shutil.copyfile(f"{folder}/{file}", new)
                column.extend(self.turns([argv], 1)[0])
        self.row(f"depmod, {name}, one module added", times)


def version(root, where):
    done = subprocess.run(["chroot", root, f"/{where}/kmod", "--version"],
                          capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0].split()[-1]


def main():
    root, plain, xz = sys.argv[1:]
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":")[1].strip() for line in f
                      if line.startswith("model name")), "unknown")
    print("# Wall time in ms, medians of runs in turn: libmod, kmod "
          f"{version(root, '30')}, kmod {version(root, '34')}.\n"
          "# Written by testsuite/bench/versions.sh in one Debian 13 root; "
          f"plain: {depmod.release(plain)}, xz: {depmod.release(xz)};\n"
          f"# {os.cpu_count()} CPUs ({model}), files in memory, no flush to "
          "the disk.", flush=True)
    all_ = Versions(root, plain, xz)
    all_.modprobe()
    all_.modinfo("plain", plain, "plain")
    all_.modinfo("xz", xz, "xz")


if __name__ == "__main__":
    main()

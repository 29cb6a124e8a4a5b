/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* replay.c - runs a fuzz target once over each file named; no fuzzer needed. */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	long size;

	if (!f || fseek(f, 0, SEEK_END) < 0 || (size = ftell(f)) < 0)
		err(1, "%s", path);
	rewind(f);

	size_t n = (size_t)size;
	uint8_t *data = malloc(n + !n); /* exact size, for ASan */
	if (!data || fread(data, 1, n, f) != n)
		err(1, "%s", path);
	fclose(f);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	return 0;
}

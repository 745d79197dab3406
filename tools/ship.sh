#!/bin/sh
# Links files into the program: writes a C file with a table of their names and bytes, in the order given.
#   ship.sh OUT.c FILE…
# The assembler takes the bytes as they are: arrays written out in C take the compiler seconds.
set -eu
out=$1; shift
{
	echo '/* made by tools/ship.sh */'
	echo '#include "documents/template.h"'
	n=0
	for file in "$@"; do
		path=$(realpath "$file")
		printf 'extern const char shipped_%d[], shipped_%d_end[];\n' $n $n
		printf '__asm__(".pushsection .rodata\\n.balign 16\\n.global shipped_%d, shipped_%d_end\\nshipped_%d: .incbin \\"%s\\"\\nshipped_%d_end: .byte 0\\n.popsection\\n");\n' \
			$n $n $n "$path" $n
		n=$((n + 1))
	done
	echo 'const struct shipped_template shipped_templates[] = {'
	n=0
	for file in "$@"; do
		printf '\t{ "%s", shipped_%d, shipped_%d_end },\n' "$(basename "$file")" $n $n
		n=$((n + 1))
	done
	echo '	{ NULL, NULL, NULL },'
	echo '};'
	echo "const size_t shipped_template_count = $n;"
} >"$out"

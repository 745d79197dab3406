/* main.c: the program's door; commands/ does the work. */
#include <stdio.h>

int main(void)
{
	fprintf(stderr, "parterre: no command yet\n");
	return 2;
}

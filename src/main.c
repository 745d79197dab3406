/* main.c: the program's door; commands/ does the work. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands/commands.h"

/* Where the caller has closed 0, 1 or 2, the first file that is opened would get its number, and what is said to people would go there. What is put in its place
 * can't be written to, so that who writes hears of it. */
static void fill_descriptors(void)
{
	int fd;
	do fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0) abort();
	close(fd);
}

int main(int argc, char **argv)
{
	(void)argc;
	fill_descriptors();
	return commands_main((const char *const *)argv, (const char *const *)environ);
}
